// The cells of the tabs. A row is stored as the JSON array of its cells, with null for an empty cell.
import type { DatabaseSync } from 'node:sqlite'
import type { Box } from './box.ts'
import { type Cell, type Pattern, withPattern } from './cell-values.ts'

/** Rows or columns from `start` to before `end`, and the position to move them to, counted before the move. */
export type Move = { start: number; end: number; to: number }
/** `number`: zero-based. */
export type StoredRow = { number: number; cells: (Cell | null)[] }

/** Beyond the last row or column of any grid. */
export const END = 2 ** 31

export class CellStore {
  readonly #select
  readonly #selectNewest
  readonly #selectLast
  readonly #put
  readonly #delete
  readonly #moveAside
  readonly #moveBack

  constructor(db: DatabaseSync) {
    const between = 'tab = ? AND number >= ? AND number < ?'
    this.#select = db.prepare(`SELECT number, cells FROM line WHERE ${between} ORDER BY number`)
    this.#selectNewest = db.prepare(
      'SELECT number, cells FROM line WHERE tab = ? AND number > 0 ORDER BY number DESC LIMIT ?',
    )
    this.#selectLast = db.prepare(
      'SELECT coalesce(max(number), -1) AS number FROM line WHERE tab = ?',
    )
    this.#put = db.prepare('INSERT OR REPLACE INTO line (tab, number, cells) VALUES (?, ?, ?)')
    this.#delete = db.prepare(`DELETE FROM line WHERE ${between}`)
    // SQLite checks keys row by row, so rows move to negative numbers first and to their new numbers then.
    this.#moveAside = db.prepare(`UPDATE line SET number = -1 - (number + ?) WHERE ${between}`)
    this.#moveBack = db.prepare('UPDATE line SET number = -1 - number WHERE tab = ? AND number < 0')
  }

  /** The rows that are not empty within the box, cut to it, without empty cells at their ends. */
  read(tab: number, { top, left, bottom, right }: Box): StoredRow[] {
    return this.#select
      .all(tab, top, bottom)
      .map(toRow)
      .map(({ number, cells }) => ({ number, cells: trim(cells.slice(left, right)) }))
      .filter(({ cells }) => cells.length > 0)
  }

  /** The last rows below the header, oldest first. */
  newest(tab: number, count: number): StoredRow[] {
    return this.#selectNewest.all(tab, count).map(toRow).reverse()
  }

  /** -1 if the tab is empty. */
  lastRow(tab: number): number {
    return Number(this.#selectLast.get(tab)!.number)
  }

  /** null leaves a cell unchanged, '' empties it. */
  write(tab: number, at: { top: number; left: number }, rows: (Cell | null)[][]): void {
    const box = { top: at.top, left: 0, bottom: at.top + rows.length, right: END }
    const before = new Map(this.read(tab, box).map((row) => [row.number, row.cells]))
    rows.forEach((values, offset) => {
      const number = at.top + offset
      const cells = before.get(number) ?? []
      values.forEach((value, column) => {
        if (value === null) return
        while (cells.length < at.left + column) cells.push(null)
        cells[at.left + column] = value === '' ? null : value
      })
      this.#store(tab, { number, cells })
    })
  }

  clear(tab: number, box: Box): void {
    this.#edit(tab, box, (cells) => {
      if (cells.length > box.left) cells.fill(null, box.left, box.right)
      return cells
    })
  }

  /** Sets or removes the format of the numbers in the box. */
  format(tab: number, box: Box, pattern: Pattern | undefined): void {
    const isIn = (column: number) => column >= box.left && column < box.right
    this.#edit(tab, box, (cells) =>
      cells.map((cell, column) => (isIn(column) ? withPattern(cell, pattern) : cell)),
    )
  }

  insertRows(tab: number, at: number, count: number): void {
    this.#shift(tab, at, count)
  }

  deleteRows(tab: number, start: number, end: number): void {
    this.#delete.run(tab, start, end)
    this.#shift(tab, end, start - end)
  }

  insertColumns(tab: number, at: number, count: number): void {
    this.#edit(tab, everything, (cells) =>
      cells.length > at ? cells.toSpliced(at, 0, ...Array(count).fill(null)) : cells,
    )
  }

  deleteColumns(tab: number, start: number, end: number): void {
    this.#edit(tab, everything, (cells) => cells.toSpliced(start, end - start))
  }

  moveRows(tab: number, { start, end, to }: Move): void {
    const down = to > end
    const [first, last] = down ? [end, to] : [to, start]
    this.#moveAside.run(down ? to - end : to - start, tab, start, end)
    this.#moveAside.run(down ? start - end : end - start, tab, first, last)
    this.#moveBack.run(tab)
  }

  moveColumns(tab: number, { start, end, to }: Move): void {
    this.#edit(tab, everything, (cells) => {
      while (cells.length < Math.max(end, to)) cells.push(null)
      const block = cells.splice(start, end - start)
      cells.splice(to > end ? to - block.length : to, 0, ...block)
      return cells
    })
  }

  #shift(tab: number, from: number, by: number): void {
    this.#moveAside.run(by, tab, from, END)
    this.#moveBack.run(tab)
  }

  #edit(
    tab: number,
    { top, bottom }: Box,
    edit: (cells: StoredRow['cells']) => StoredRow['cells'],
  ) {
    for (const { number, cells } of this.#select.all(tab, top, bottom).map(toRow)) {
      this.#store(tab, { number, cells: edit(cells) })
    }
  }

  #store(tab: number, { number, cells }: StoredRow): void {
    if (trim(cells).length) this.#put.run(tab, number, JSON.stringify(cells))
    else this.#delete.run(tab, number, number + 1)
  }
}

const everything: Box = { top: 0, left: 0, bottom: END, right: END }

const toRow = (row: Record<string, unknown>): StoredRow => ({
  number: Number(row.number),
  cells: JSON.parse(String(row.cells)),
})

function trim(cells: StoredRow['cells']): StoredRow['cells'] {
  while (cells.length && cells.at(-1) === null) cells.pop()
  return cells
}
