// Merged cells. Only the first cell of a merge holds a value; values written to the others vanish.
import type { DatabaseSync } from 'node:sqlite'
import { type Box, hasCell } from './box.ts'
import type { Cell } from './cell-values.ts'

export class MergeStore {
  readonly #select
  readonly #insert
  readonly #clear

  constructor(db: DatabaseSync) {
    this.#select = db.prepare('SELECT top, left, bottom, right FROM merge WHERE tab = ?')
    this.#insert = db.prepare(
      'INSERT INTO merge (tab, top, left, bottom, right) VALUES (?, ?, ?, ?, ?)',
    )
    this.#clear = db.prepare('DELETE FROM merge WHERE tab = ?')
  }

  ofTab(tab: number): Box[] {
    return this.#select.all(tab) as Box[]
  }

  replace(tab: number, boxes: Box[]): void {
    this.#clear.run(tab)
    for (const { top, left, bottom, right } of boxes)
      this.#insert.run(tab, top, left, bottom, right)
  }

  /** The rows with null for each value that a merge would hide. */
  withoutHidden(
    tab: number,
    at: { top: number; left: number },
    rows: (Cell | null)[][],
  ): (Cell | null)[][] {
    const merges = this.ofTab(tab)
    if (merges.length === 0) return rows
    const hidden = (row: number, column: number) =>
      merges.some((box) => hasCell(box, row, column) && !(row === box.top && column === box.left))
    return rows.map((cells, n) =>
      cells.map((cell, m) => (hidden(at.top + n, at.left + m) ? null : cell)),
    )
  }
}
