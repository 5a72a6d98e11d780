// The cells of the tabs. A line is stored as the JSON array of its cells; null is an empty cell.
import type { DatabaseSync } from 'node:sqlite'
import type { Box } from '../api/a1.ts'
import { type Dated, withPattern } from './number-format.ts'

export type Cell = string | number | boolean | Dated
export type Block = { start: number; end: number; to: number }
export type Line = { number: number; cells: (Cell | null)[] }

/** Past the last row or column of any grid. */
export const END = 2 ** 31

export class Cells {
  readonly #read
  readonly #newest
  readonly #last
  readonly #put
  readonly #drop
  readonly #away
  readonly #back

  constructor(db: DatabaseSync) {
    const between = 'tab = ? AND number >= ? AND number < ?'
    this.#read = db.prepare(`SELECT number, cells FROM line WHERE ${between} ORDER BY number`)
    this.#newest = db.prepare(
      'SELECT number, cells FROM line WHERE tab = ? AND number > 0 ORDER BY number DESC LIMIT ?',
    )
    this.#last = db.prepare('SELECT coalesce(max(number), -1) AS number FROM line WHERE tab = ?')
    this.#put = db.prepare('INSERT OR REPLACE INTO line (tab, number, cells) VALUES (?, ?, ?)')
    this.#drop = db.prepare(`DELETE FROM line WHERE ${between}`)
    this.#away = db.prepare(`UPDATE line SET number = -1 - (number + ?) WHERE ${between}`)
    this.#back = db.prepare('UPDATE line SET number = -1 - number WHERE tab = ? AND number < 0')
  }

  /** The lines that hold something within the box, cut to it, without empty cells at their ends. */
  read(tab: number, { top, left, bottom, right }: Box): Line[] {
    return this.#read
      .all(tab, top, bottom)
      .map(toLine)
      .map(({ number, cells }) => ({ number, cells: trim(cells.slice(left, right)) }))
      .filter(({ cells }) => cells.length > 0)
  }

  /** The last lines below the header, oldest first. */
  newest(tab: number, count: number): Line[] {
    return this.#newest.all(tab, count).map(toLine).reverse()
  }

  /** -1 where the tab is empty. */
  lastLine(tab: number): number {
    return Number(this.#last.get(tab)!.number)
  }

  /** null leaves a cell as it is, '' empties it. */
  write(tab: number, at: { top: number; left: number }, rows: (Cell | null)[][]): void {
    const box = { top: at.top, left: 0, bottom: at.top + rows.length, right: END }
    const before = new Map(this.read(tab, box).map((line) => [line.number, line.cells]))
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

  /** How the numbers of the box are shown from now on. */
  format(tab: number, box: Box, pattern: Dated['pattern'] | undefined): void {
    const isIn = (column: number) => column >= box.left && column < box.right
    this.#edit(tab, box, (cells) =>
      cells.map((cell, column) => (isIn(column) ? withPattern(cell, pattern) : cell)),
    )
  }

  insertLines(tab: number, at: number, count: number): void {
    this.#shift(tab, at, count)
  }

  deleteLines(tab: number, start: number, end: number): void {
    this.#drop.run(tab, start, end)
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

  /** `to`: as counted before they are taken out. */
  moveLines(tab: number, { start, end, to }: Block): void {
    const [first, last] = to > end ? [end, to] : [to, start]
    const by = to > end ? to - end : to - start
    this.#away.run(by, tab, start, end)
    this.#away.run(to > end ? start - end : end - start, tab, first, last)
    this.#back.run(tab)
  }

  moveColumns(tab: number, { start, end, to }: Block): void {
    this.#edit(tab, everything, (cells) => {
      while (cells.length < Math.max(end, to)) cells.push(null)
      const block = cells.splice(start, end - start)
      cells.splice(to > end ? to - block.length : to, 0, ...block)
      return cells
    })
  }

  #shift(tab: number, from: number, by: number): void {
    this.#away.run(by, tab, from, END)
    this.#back.run(tab)
  }

  #edit(tab: number, { top, bottom }: Box, change: (cells: Line['cells']) => Line['cells']) {
    for (const { number, cells } of this.#read.all(tab, top, bottom).map(toLine)) {
      this.#store(tab, { number, cells: change(cells) })
    }
  }

  #store(tab: number, { number, cells }: Line): void {
    if (trim(cells).length) this.#put.run(tab, number, JSON.stringify(cells))
    else this.#drop.run(tab, number, number + 1)
  }
}

const everything: Box = { top: 0, left: 0, bottom: END, right: END }

const toLine = (row: Record<string, unknown>): Line => ({
  number: Number(row.number),
  cells: JSON.parse(String(row.cells)),
})

function trim(cells: Line['cells']): Line['cells'] {
  while (cells.length && cells.at(-1) === null) cells.pop()
  return cells
}
