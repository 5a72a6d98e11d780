// Writes submissions to their rows of one tab: each id has one row, whatever is retried, redelivered, moved or lost on the way.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import type { Allocation, Entry, Ledger } from './buffer.ts'
import { type Cell, extendHeader, holds, idColumn, timeColumn, toCells } from './columns.ts'
import type { Look, RowSpan, Tab } from './tab.ts'

/** Rows are added in steps, so that growing is rare. */
const growBy = 1000

export interface WriterOptions {
  tab: Tab
  ledger: Ledger
  /** Which of the tabs that the ledger numbers together this is. */
  part: number
  /** Milliseconds after which a call to Sheets has had its effect or never will. */
  timeout: number
}

export class Writer {
  #tab: Tab
  #ledger: Ledger
  #part: number
  #timeout: number
  #look: Look | undefined

  constructor({ tab, ledger, part, timeout }: WriterOptions) {
    this.#tab = tab
    this.#ledger = ledger
    this.#part = part
    this.#timeout = timeout
  }

  /**
   * False where the tab carries no stamp, or is not there. A stamp that was seen is not looked for again by `open`: it may be
   * taken off between, and a tab is not taken over before those that it rotated to.
   */
  async isStamped(): Promise<boolean> {
    if (this.#look) return true
    const first = await this.#tab.look(0, [])
    if (first?.stamp === undefined) return false
    this.#check(first)
    this.#look = first
    return true
  }

  /** Makes the tab where it is missing, and makes sure that the ledger knows what stands in it. Answers its columns. */
  async open(): Promise<number> {
    if (this.#ledger.suspect) this.#look = undefined
    this.#look ??= await this.#open()
    return this.#look.columnCount
  }

  /** Resolves with the row of each id when all stand in the sheet. `allocations`: of the entries, in this part. */
  async write(entries: Entry[], allocations: Allocation[]): Promise<Map<string, number>> {
    this.#look ??= await this.#open()
    try {
      return await this.#write(entries, allocations, this.#look)
    } catch (error) {
      // Somebody may have changed the tab: the next batch opens it anew.
      this.#look = undefined
      throw error
    }
  }

  async #write(
    entries: Entry[],
    allocations: Allocation[],
    known: Look,
  ): Promise<Map<string, number>> {
    const look = await this.#lookAt(toRowSpans(allocations, known.rowCount), known)
    this.#look = look
    const rows = new Map(allocations.map(({ id, row }) => [id, row]))
    const written = new Set(
      allocations.filter(({ id, row }) => look.ids.get(row) === id).map(({ id }) => id),
    )
    const ours = columnsOf(entries)
    const taken = new Set(
      allocations.filter(
        ({ id, row }) => !written.has(id) && holds(look.header, look.rows.get(row), ours),
      ),
    )
    // A row that was not decided just now may have been written and moved since, even where its place is empty.
    const lost = allocations.filter((one) => !written.has(one.id) && (!one.fresh || taken.has(one)))
    const at = { rows, written, taken, ours }
    if (lost.length > 0) await this.#locate(lost, allocations, look, at)
    const missing = entries.filter(({ id }) => !written.has(id))
    if (missing.length > 0) await this.#put(missing, rows, look)
    return rows
  }

  /** Looks the ids up in the whole id column; what stands nowhere keeps its row if that is not taken, or gets a new one. */
  async #locate(
    lost: Allocation[],
    all: Allocation[],
    known: Look,
    { rows, written, taken, ours }: Standing,
  ): Promise<void> {
    const { ids } = await this.#lookAt([{ first: 2 }], known)
    const places = placesOf(ids)
    const found = new Map(
      lost.flatMap(({ id }) => (places.has(id) ? [[id, places.get(id) as number]] : [])),
    )
    await this.#ledger.place(this.#part, found)
    for (const [id, row] of found) {
      rows.set(id, row)
      written.add(id)
    }
    if (![...taken].some(({ id }) => !found.has(id))) return
    // The fresh ones move along, so that the batch stays in order of submission.
    const moving = all.filter((one) => !written.has(one.id) && (one.fresh || taken.has(one)))
    const names = moving.map(({ id }) => id)
    const lastUsed = await this.#lastUsed(lastOf(ids), known, ours)
    const moved = await this.#ledger.reallocate(this.#part, names, lastUsed)
    for (const { id, row } of moved) rows.set(id, row)
  }

  /** People may write below the last id. What they keep in columns of their own, such as boxes to tick, is no use of a row. */
  async #lastUsed(last: number, known: Look, ours: ReadonlySet<string>): Promise<number> {
    if (last >= known.rowCount) return last
    const { header, rows } = await this.#lookAt([{ first: last + 1, last: known.rowCount }], known)
    const used = [...rows].filter(([, cells]) => holds(header, cells, ours))
    return Math.max(last, ...used.slice(-1).map(([row]) => row))
  }

  async #put(entries: Entry[], rows: Map<string, number>, look: Look): Promise<void> {
    const header = extendHeader(look.header, [...columnsOf(entries)])
    const last = Math.max(...entries.map(({ id }) => rows.get(id) as number))
    const missingRows = last - look.rowCount
    const moreRows = missingRows > 0 ? Math.max(missingRows, growBy) : 0
    const moreColumns = Math.max(0, header.length - look.columnCount)
    if (moreRows + moreColumns > 0) await this.#tab.grow(moreRows, moreColumns)
    const cells = new Map<number, Cell[]>()
    if (header.length > look.header.length)
      cells.set(1, toCells(header, new Map(header.map((n) => [n, n]))))
    for (const { id, time, timeCell = time, values } of entries) {
      const row = new Map<string, Cell>([...values, [idColumn, id], [timeColumn, timeCell]])
      cells.set(rows.get(id) as number, toCells(header, row))
    }
    await this.#tab.write(cells)
    this.#look = {
      ...look,
      header,
      rowCount: look.rowCount + moreRows,
      columnCount: look.columnCount + moreColumns,
    }
  }

  /** One request tells the stamp, the grid, the header and the ids; again where people moved the id column. */
  async #lookAt(spans: RowSpan[], known: Look): Promise<Look> {
    const column = columnOf(known.header)
    const look = await this.#tab.look(column, spans)
    if (!look) throw new RetryLater(`The tab ${this.#tab.name} is gone; it is made again`)
    this.#check(look)
    return columnOf(look.header) === column ? look : this.#lookAt(spans, look)
  }

  #check({ stamp }: Look): void {
    if (stamp === this.#ledger.owner) return
    const found = stamp === undefined ? 'no stamp' : `the stamp of ledger ${stamp}`
    throw new RetryLater(
      `Expected the tab ${this.#tab.name} to carry the stamp of this row ledger, ${this.#ledger.owner}, found ${found}: ` +
        'nothing is written; npm run sheets -- adopt <form> takes the tab over',
    )
  }

  async #open(): Promise<Look> {
    const first = await this.#tab.look(0, [])
    if (!first) {
      await this.#ledger.rebuild(this.#part, new Map(), 1)
      await this.#tab.create(this.#ledger.owner)
      return this.#open()
    }
    if (first.stamp === undefined) return this.#takeOver(first)
    this.#check(first)
    if (this.#ledger.suspect) await this.#lookInto(first)
    return first
  }

  /** A tab that no ledger has stamped, by its id column. */
  async #takeOver(first: Look): Promise<Look> {
    // What stands here may be a person's own: new rows come below all of it.
    const lastUsed = Math.max(1, await this.#tab.lastUsedRow())
    const hasIds = first.header.includes(idColumn) && lastUsed > 1
    const ids = hasIds ? await this.#ids(first) : first.ids
    await this.#ledger.rebuild(this.#part, placesOf(ids), lastUsed)
    await this.#tab.stamp(this.#ledger.owner)
    return { ...first, stamp: this.#ledger.owner }
  }

  /** Tells a ledger that may have lost rows what stands, once a write that another Redis server let out has landed, too. */
  async #lookInto(first: Look): Promise<void> {
    await delay(this.#timeout)
    const ids = await this.#ids(first)
    await this.#ledger.trust(this.#part, placesOf(ids), lastOf(ids))
  }

  async #ids(known: Look): Promise<ReadonlyMap<number, string>> {
    const look = await this.#tab.look(columnOf(known.header), [{ first: 2 }])
    if (!look) throw new RetryLater(`The tab ${this.#tab.name} is gone; it is made again`)
    return look.ids
  }
}

/** Of a batch that is written: what the steps know of it. */
interface Standing {
  rows: Map<string, number>
  /** Ids that stand. */
  written: Set<string>
  /** Rows that hold something else. */
  taken: ReadonlySet<Allocation>
  /** Columns that are written. */
  ours: ReadonlySet<string>
}

const columnsOf = (entries: Entry[]): Set<string> =>
  new Set([idColumn, timeColumn, ...entries.flatMap(({ values }) => values.map(([name]) => name))])

/** A header without an id column gets one at its right. */
const columnOf = (header: string[]): number => {
  const index = header.indexOf(idColumn)
  return index === -1 ? header.length : index
}

const placesOf = (ids: ReadonlyMap<number, string>): Map<string, number> =>
  new Map([...ids].map(([row, id]) => [id, row]))

const lastOf = (ids: ReadonlyMap<number, string>): number =>
  [...ids.keys()].reduce((last, row) => Math.max(last, row), 1)

/** The rows as few ranges within the grid; ranges outside it would be refused, and nothing can stand there. */
function toRowSpans(allocations: Allocation[], rowCount: number): RowSpan[] {
  const spans: Required<RowSpan>[] = []
  for (const row of allocations.map(({ row }) => row).toSorted((a, b) => a - b)) {
    if (row > rowCount) break
    const last = spans.at(-1)
    if (last && row <= last.last + 1) last.last = row
    else spans.push({ first: row, last: row })
  }
  return spans
}
