// Writes a batch of submissions to a tab: each id has one row, whatever is retried, redelivered, moved or lost on the way.
import { RetryLater } from '#kit/errors.ts'
import { type Cell, extendHeader, idColumn, timeColumn, toCells } from './columns.ts'
import type { Allocation, Ledger } from './ledger.ts'
import type { Look, RowSpan, Tab } from './tab.ts'

export interface Entry {
  id: string
  /** When the person submitted, ISO 8601. */
  time: string
  values: ReadonlyMap<string, Cell>
}

/** Rows are added in steps, so that growing is rare. */
const growBy = 1000

export class Writer {
  #tab: Tab
  #ledger: Ledger
  #look: Look | undefined

  constructor(tab: Tab, ledger: Ledger) {
    this.#tab = tab
    this.#ledger = ledger
  }

  /** Resolves with the row of each id when all stand in the sheet. `entries`: each id once. */
  async write(entries: Entry[]): Promise<Map<string, number>> {
    this.#look ??= await this.#open()
    try {
      return await this.#write(entries.toSorted(bySubmission), this.#look)
    } catch (error) {
      // Somebody may have changed the tab: the next batch opens it anew.
      this.#look = undefined
      throw error
    }
  }

  async #write(entries: Entry[], known: Look): Promise<Map<string, number>> {
    const allocations = await this.#ledger.allocate(
      this.#tab.name,
      entries.map(({ id }) => id),
    )
    const spans = toRowSpans(allocations, known.rowCount)
    const look = await this.#lookAt(spans, known)
    this.#look = look
    const rows = new Map(allocations.map(({ id, row }) => [id, row]))
    const written = new Set(
      allocations.filter(({ id, row }) => look.ids.get(row) === id).map(({ id }) => id),
    )
    // A row that was not decided just now may have been written and moved since, even where its place is empty.
    const lost = allocations.filter(
      ({ id, row, fresh }) => !written.has(id) && (!fresh || look.ids.has(row)),
    )
    if (lost.length > 0) await this.#locate(lost, allocations, look, { rows, written })
    const missing = entries.filter(({ id }) => !written.has(id))
    if (missing.length > 0) await this.#put(missing, rows, look)
    return rows
  }

  /** Looks the ids up in the whole id column; what stands nowhere keeps its row if that is empty, or gets a new one. */
  async #locate(
    lost: Allocation[],
    all: Allocation[],
    known: Look,
    { rows, written }: { rows: Map<string, number>; written: Set<string> },
  ): Promise<void> {
    const { ids } = await this.#lookAt([{ first: 2 }], known)
    const places = new Map([...ids].map(([row, id]) => [id, row]))
    const found = new Map(
      lost.flatMap(({ id }) => (places.has(id) ? [[id, places.get(id) as number]] : [])),
    )
    await this.#ledger.place(this.#tab.name, found)
    for (const [id, row] of found) {
      rows.set(id, row)
      written.add(id)
    }
    const taken = new Set(lost.filter(({ id, row }) => !found.has(id) && ids.has(row)))
    if (taken.size === 0) return
    // The fresh ones move along, so that the batch stays in order of submission.
    const moving = all.filter((one) => !written.has(one.id) && (one.fresh || taken.has(one)))
    const names = moving.map(({ id }) => id)
    const moved = await this.#ledger.reallocate(this.#tab.name, names, Math.max(1, ...ids.keys()))
    for (const { id, row } of moved) rows.set(id, row)
  }

  async #put(entries: Entry[], rows: Map<string, number>, look: Look): Promise<void> {
    const fields = new Set(entries.flatMap(({ values }) => [...values.keys()]))
    const header = extendHeader(look.header, [...fields])
    const last = Math.max(...entries.map(({ id }) => rows.get(id) as number))
    const missingRows = last - look.rowCount
    const moreRows = missingRows > 0 ? Math.max(missingRows, growBy) : 0
    const moreColumns = Math.max(0, header.length - look.columnCount)
    if (moreRows + moreColumns > 0) await this.#tab.grow(moreRows, moreColumns)
    const cells = new Map<number, Cell[]>()
    if (header.length > look.header.length)
      cells.set(1, toCells(header, new Map(header.map((n) => [n, n]))))
    for (const { id, time, values } of entries) {
      const row = new Map([...values, [idColumn, id], [timeColumn, time]])
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

  async #ids(known: Look): Promise<Look> {
    return (await this.#tab.look(columnOf(known.header), [{ first: 2 }])) ?? known
  }

  #check({ stamp }: Look): void {
    if (stamp === this.#ledger.id) return
    const found = stamp === undefined ? 'no stamp' : `the stamp of ledger ${stamp}`
    throw new RetryLater(
      `Expected the tab ${this.#tab.name} to carry the stamp of this row ledger, ${this.#ledger.id}, found ${found}: ` +
        'nothing is written; npm run sheets -- adopt <form> takes the tab over',
    )
  }

  /** Makes the tab, or takes over one that no ledger has stamped, by its id column. */
  async #open(): Promise<Look> {
    const first = await this.#tab.look(0, [])
    if (!first) {
      await this.#ledger.rebuild(this.#tab.name, new Map(), 1)
      await this.#tab.create(this.#ledger.id)
      return this.#open()
    }
    if (first.stamp !== undefined) {
      this.#check(first)
      return first
    }
    // What stands here may be a person's own: new rows come below all of it.
    const lastUsed = Math.max(1, await this.#tab.lastUsedRow())
    const hasIds = first.header.includes(idColumn) && lastUsed > 1
    const { ids } = hasIds ? await this.#ids(first) : first
    const places = new Map([...ids].map(([row, id]) => [id, row]))
    await this.#ledger.rebuild(this.#tab.name, places, lastUsed)
    await this.#tab.stamp(this.#ledger.id)
    return { ...first, stamp: this.#ledger.id }
  }
}

/** A header without an id column gets one at its right. */
const columnOf = (header: string[]): number => {
  const index = header.indexOf(idColumn)
  return index === -1 ? header.length : index
}

const bySubmission = (a: Entry, b: Entry): number =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1

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
