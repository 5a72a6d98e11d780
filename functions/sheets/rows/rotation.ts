// A tab and those it rotated to, `Responses`, `Responses 2`…: each batch of rows goes to the last of them.
import { RetryLater } from '#kit/errors.ts'
import type { Entry, Known, Ledger, Order, RowBatch } from '../buffer/port.ts'
import { reasonIn } from '../google/redact.ts'
import { newMetadataId } from '../google/requests.ts'
import type { Tab } from '../google/tab.ts'
import { countLate } from '../metrics.ts'
import { isSameTitle } from '../target.ts'
import { type Field, fieldsOf } from './columns.ts'
import type { Spot } from './insertion-point.ts'
import { Writer } from './write-rows.ts'

export interface SeriesOptions {
  /** The tab of a title, in the spreadsheet. */
  tab: (title: string) => Tab
  /** Titles of all tabs of the spreadsheet. */
  titles: () => Promise<string[]>
  ledger: Ledger
  title: string
  /** Before a tab would have more, rows go to the next one. */
  maxCells: number
  timeout: number
}

export interface Recorded {
  tab: string
  row: number
}

/** So often in a row people may change a tab between a look at it and a call, before the others have their turn. */
const mostRefusals = 10
/**
 * So often in a row Google takes rows without guards only, before all go without: a person may change a tab and undo it, and
 * that looks the same.
 */
const mostGuardsRefused = 3

interface Work {
  /** In order; each id once. */
  entries: Entry[]
  fields: Field[]
  recorded: Map<string, Recorded>
}
type Refusal = { error: Error; spot: Spot; guarded: boolean }

export class Series {
  #options: SeriesOptions
  #writers = new Map<number, Writer>()
  /** The ledger knows what stands in all the tabs. */
  #isKnown = false
  /** In a row. */
  #guardsRefused = 0

  constructor(options: SeriesOptions) {
    this.#options = options
  }

  /** Resolves when all stand in the sheet. `entries`: in order, each id once. */
  async write(entries: Entry[]): Promise<Map<string, Recorded>> {
    const fields = fieldsOf(entries)
    try {
      this.#isKnown ||= await this.#isOurs()
      if (this.#options.ledger.suspect || !this.#isKnown) await this.#lookIntoAll(fields)
      this.#isKnown = true
      return await this.#write({ entries, fields, recorded: new Map() })
    } catch (error) {
      // A tab of another ledger may be adopted, or a tab be changed, until the next time.
      this.#isKnown = false
      for (const { opened } of this.#writers.values()) opened.forget()
      throw error
    }
  }

  async #write(work: Work): Promise<Map<string, Recorded>> {
    const { ledger } = this.#options
    const { entries, fields, recorded } = work
    let refusal: Refusal | undefined
    for (let refusals = 0; refusals < mostRefusals; ) {
      const left = entries.filter(({ id }) => !recorded.has(id))
      if (left.length === 0) return recorded
      const known = await ledger.known(left.map(({ id }) => id))
      if (known.batch) {
        await this.#writer(known.batch.part).settle(known.batch, fields)
        continue
      }
      await this.#find(known, work)
      const fresh = left.filter(({ id }) => !recorded.has(id))
      if (fresh.length === 0) continue
      refusal = await this.#insert(fresh, { known, work, refusal })
      refusals = refusal ? refusals + 1 : 0
    }
    throw new RetryLater(`People change the tab: ${reasonIn(refusal?.error.message ?? '')}`)
  }

  /** What has a row already is not written again where that stands. */
  async #find({ places }: Known, { fields, recorded }: Work): Promise<void> {
    for (const [part, own] of Map.groupBy(places, ([, place]) => place.part)) {
      const rows = new Map(own.map(([id, { row }]) => [id, row]))
      const found = await this.#writer(part).find(rows, fields)
      for (const [id, row] of found) recorded.set(id, { tab: this.#titleOf(part), row })
    }
  }

  /** As many of the first as have room. Answers a refusal after which it is worth another look. */
  async #insert(
    fresh: Entry[],
    { known, work, refusal }: { known: Known; work: Work; refusal: Refusal | undefined },
  ): Promise<Refusal | undefined> {
    const { ledger } = this.#options
    const { part, spot, room } = await this.#place(known, work.fields)
    // Nothing has changed: it is not people who make Google refuse it.
    const unchanged = refusal !== undefined && isSameSpot(refusal.spot, spot)
    if (unchanged && !refusal.guarded) throw refusal.error
    const guarded = this.#guardsRefused < mostGuardsRefused && !unchanged
    const some = fresh.slice(0, room)
    const { late, last } = lateOf(some, known.last)
    const ids = some.map(({ id }) => id)
    const batch: RowBatch = { id: newMetadataId(), part, ids, late, before: known.last }
    await ledger.begin(batch, { version: known.version, last })
    const rows = await this.#writer(part).insert({ batch, entries: some, spot, guarded })
    if (rows instanceof Error) return { error: rows, spot, guarded }
    // Google took all but the guards: rows are worth more than they are.
    if (unchanged) this.#guardsRefused += 1
    else if (guarded) this.#guardsRefused = 0
    countLate(late)
    for (const [id, row] of rows) work.recorded.set(id, { tab: this.#titleOf(part), row })
    return undefined
  }

  /** The last part, or the next one where that has no room for a row. */
  async #place(known: Known, fields: Field[]): Promise<{ part: number; spot: Spot; room: number }> {
    const { maxCells } = this.#options
    const roomAt = ({ look, columns, row }: Spot) =>
      Math.floor(maxCells / (look.columnCount + columns.missing.length)) - row + 1
    const spot = await this.#writer(known.part).prepare(fields, known.next)
    if (roomAt(spot) > 0) return { part: known.part, spot, room: roomAt(spot) }
    const part = known.part + 1
    const next = await this.#writer(part).prepare(fields, 2)
    return { part, spot: next, room: Math.max(1, roomAt(next)) }
  }

  /** Without a stamp on its first tab another ledger's was lost: what it rotated to is to be taken over, too. */
  async #isOurs(): Promise<boolean> {
    return (await this.#options.ledger.part()) > 1 || (await this.#writer(1).opened.isStamped())
  }

  /** The last one first: part 1 lets the ledger be written to again. */
  async #lookIntoAll(fields: Field[]): Promise<void> {
    const { titles, ledger } = this.#options
    const standing = await titles()
    const stands = (part: number) =>
      standing.some((title) => isSameTitle(title, this.#titleOf(part)))
    // Also one that was begun but whose tab was not made yet, or that the ledger forgot.
    let last = await ledger.part()
    while (stands(last + 1)) last += 1
    for (let part = last; part >= 1; part--) await this.#writer(part).opened.open(fields)
  }

  #titleOf(part: number): string {
    const { title } = this.#options
    return part === 1 ? title : `${title} ${part}`
  }

  #writer(part: number): Writer {
    const known = this.#writers.get(part)
    if (known) return known
    const { tab, ledger, timeout } = this.#options
    const writer = new Writer({ tab: tab(this.#titleOf(part)), ledger, part, timeout })
    this.#writers.set(part, writer)
    return writer
  }
}

/** How many come behind one that was submitted later, and which is the last in order then. */
function lateOf(entries: Entry[], before: Order): { late: number; last: Order } {
  let [late, last] = [0, before]
  for (const { time, id } of entries) {
    if (time < last.time || (time === last.time && id < last.id)) late += 1
    else last = { time, id }
  }
  return { late, last }
}

/** Whether the tab is as it was, as far as a batch of rows depends on it. */
function isSameSpot(one: Spot, other: Spot): boolean {
  const show = ({ look, row, columns }: Spot) => {
    const { rowCount, columnCount, merges, owned, headerRow, headerMark } = look
    const grid = [rowCount, columnCount, merges, owned, headerRow, headerMark]
    return JSON.stringify([grid, row, [...columns.at]])
  }
  return show(one) === show(other)
}
