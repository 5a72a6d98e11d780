// Merged cells: only the first cell of a merge holds a value, what is written to the others vanishes.
import type { DatabaseSync } from 'node:sqlite'
import type { Box } from '../api/a1.ts'
import type { Cell } from './cells.ts'

export class MergeStore {
  readonly #of
  readonly #add
  readonly #clear

  constructor(db: DatabaseSync) {
    this.#of = db.prepare('SELECT top, left, bottom, right FROM merge WHERE tab = ?')
    this.#add = db.prepare(
      'INSERT INTO merge (tab, top, left, bottom, right) VALUES (?, ?, ?, ?, ?)',
    )
    this.#clear = db.prepare('DELETE FROM merge WHERE tab = ?')
  }

  of(tab: number): Box[] {
    return this.#of.all(tab) as Box[]
  }

  set(tab: number, boxes: Box[]): void {
    this.#clear.run(tab)
    for (const { top, left, bottom, right } of boxes) this.#add.run(tab, top, left, bottom, right)
  }

  /** The rows without the values that would land below a merge. */
  uncovered(
    tab: number,
    at: { top: number; left: number },
    rows: (Cell | null)[][],
  ): (Cell | null)[][] {
    const merges = this.of(tab)
    if (merges.length === 0) return rows
    const covered = (row: number, column: number) =>
      merges.some((box) => isIn(box, row, column) && !(row === box.top && column === box.left))
    return rows.map((cells, n) =>
      cells.map((cell, m) => (covered(at.top + n, at.left + m) ? null : cell)),
    )
  }
}

const isIn = ({ top, left, bottom, right }: Box, row: number, column: number): boolean =>
  row >= top && row < bottom && column >= left && column < right

export const overlaps = (one: Box, other: Box): boolean =>
  one.top < other.bottom &&
  other.top < one.bottom &&
  one.left < other.right &&
  other.left < one.right

export const contains = (outer: Box, inner: Box): boolean =>
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom &&
  inner.left >= outer.left &&
  inner.right <= outer.right
