// Writes rows into one tab, by inserting them: nothing that stands is overwritten, whatever people do to the tab meanwhile.
import type { Entry, RowBatch } from '../buffer/port.ts'
import { markOf } from '../google/requests.ts'
import type { Look } from '../google/tab-snapshot.ts'
import { columnLetters, type Field, idColumn } from './columns.ts'
import { toRequests } from './insert-requests.ts'
import { columnsIn, findSpot, type Spot, usedRows } from './insertion-point.ts'
import { claim } from './mark-columns.ts'
import { idColumnOf, type Opening, OpenTab, type Rows, type Spans } from './open-tab.ts'

export interface Insertion {
  batch: RowBatch
  entries: Entry[]
  spot: Spot
  /** Whether Google is to refuse it where people moved columns or merged cells since the look. */
  guarded: boolean
}

export class Writer {
  readonly opened: OpenTab
  #ledger: Opening['ledger']
  #part: number
  /** Marks of batches whose calls were answered. */
  #answered = new Set<number>()

  constructor(options: Opening) {
    this.opened = new OpenTab(options)
    this.#ledger = options.ledger
    this.#part = options.part
  }

  /** Where rows stand that were written: by their number, or wherever people moved them to. What stands nowhere is left out. */
  async find(rows: Rows, fields: Field[]): Promise<Rows> {
    await this.opened.open(fields)
    const look = await this.opened.see((rowCount) => toSpans([...rows.values()], rowCount))
    const column = idColumnOf(look)
    const isThere = ([id, row]: [string, number]) => look.rows.get(row)?.[column] === id
    if ([...rows].every(isThere)) return rows
    const found = pick(await this.opened.ids(look), [...rows.keys()])
    await this.#ledger.place(this.#part, found)
    return found
  }

  /**
   * Finds out what came of a batch that was begun by whomever, and ends it. Its mark alone is left: where that is refused, the
   * batch was applied; otherwise it never will be.
   */
  async settle(batch: RowBatch, fields: Field[]): Promise<void> {
    const { sheetId } = await this.opened.open(fields)
    try {
      await this.opened.tab.update([markOf(sheetId, batch.id)])
    } catch (error) {
      if (statusOf(error) !== 400) throw error
      const look = await this.opened.see()
      if (isMarked(look, batch)) {
        await this.#endWithWhatStands(batch, look)
        return
      }
      // It was applied to a tab that has another name by now: no row of it is in this one.
      if (!(await this.opened.tab.standsAnywhere(batch.id))) throw error
    }
    await this.#ledger.end(batch, new Map())
  }

  async #endWithWhatStands(batch: RowBatch, look: Look): Promise<Rows> {
    const rows = pick(await this.opened.ids(look), batch.ids)
    await this.#ledger.end(batch, rows)
    return rows
  }

  /** Where new rows go. `next`: the row below the last one that was written here, by the ledger. */
  async prepare(fields: Field[], next: number): Promise<Spot> {
    await this.opened.open(fields)
    const look = await this.#lookFrom(next - 1, fields)
    const columns = columnsIn(look, fields)
    if (columns.missing.some(({ name }) => name === idColumn)) {
      if (next > 2) throw this.opened.blocked()
      return this.#prepareFirst(look, fields)
    }
    if (columns.claims.length > 0) {
      this.opened.saw(await claim(this.opened.tab, { look, columns }))
      return this.prepare(fields, next)
    }
    if (usedRows(look, [...columns.at.values()]).length > 0 || next <= 2) {
      const width = columns.missing.length > 0 ? await this.#width(look) : 0
      return findSpot(look, { fields, lastUsed: 0, width })
    }
    // Rows were deleted: from the last id on.
    const ids = await this.opened.ids(look)
    const last = [...ids.values()].reduce((most, row) => Math.max(most, row), 1)
    return this.prepare(fields, last + 1)
  }

  /** At all rows from a row on. New columns are to be named in the header, wherever that is by now. */
  async #lookFrom(row: number, fields: Field[]): Promise<Look> {
    const spans = (rowCount: number): Spans => [[Math.min(Math.max(1, row), rowCount), rowCount]]
    const look = await this.opened.see(spans)
    const seeks = columnsIn(look, fields).missing.length > 0 && this.opened.seekAgain()
    return seeks ? this.opened.see(spans) : look
  }

  /** Up to which column anything stands in any row: what is right of our columns is read, mostly nothing. */
  async #width({ owned, columnCount }: Look): Promise<number> {
    const ours = owned.reduce((most, { index }) => Math.max(most, index + 1), 0)
    if (ours >= columnCount) return ours
    const others = `${columnLetters(ours)}:${columnLetters(columnCount - 1)}`
    return ours + widthOf(await this.opened.tab.texts(others))
  }

  /** A tab of a person, or an empty one: below all that stands in it. */
  async #prepareFirst(look: Look, fields: Field[]): Promise<Spot> {
    const { tab } = this.opened
    const texts = await tab.texts()
    const known = { fields, lastUsed: Math.max(1, texts.length), width: widthOf(texts) }
    const columns = columnsIn(look, fields)
    return findSpot(columns.claims.length > 0 ? await claim(tab, { look, columns }) : look, known)
  }

  /** Answers the rows where the batch stands, as far as it does, or Google's refusal: then nothing was written. */
  async insert(insertion: Insertion): Promise<Rows | Error> {
    const { batch, entries, spot } = insertion
    const { row, look } = spot
    const last = row + entries.length - 1
    const requests = toRequests({ ...insertion, answered: this.#answered })
    const spans: [number, number][] = [row, last].map((one) => [one, one])
    let after: Look
    try {
      after = await this.opened.tab.updateAndLook(requests, { headerRow: look.headerRow, spans })
    } catch (error) {
      return this.#refused(batch, error as Error)
    }
    this.#answered = new Set([batch.id])
    this.opened.saw(after)
    const idAt = (number: number) => after.rows.get(number)?.[idColumnOf(after)]
    // The batch is whole or not there at all, so its ends speak for it.
    if (idAt(row) !== entries[0]?.id || idAt(last) !== entries.at(-1)?.id)
      return this.#endWithWhatStands(batch, after)
    const rows = new Map(entries.map(({ id }, n) => [id, row + n]))
    await this.#ledger.end(batch, rows)
    return rows
  }

  /** Where it is not known whether the batch was applied, it stays begun: whoever writes next settles it. */
  async #refused(batch: RowBatch, error: Error): Promise<Rows | Error> {
    const status = statusOf(error)
    if (status < 400 || status >= 500 || status === 408) throw error
    if (status === 400) {
      const look = await this.opened.see()
      if (isMarked(look, batch)) return this.#endWithWhatStands(batch, look)
    }
    await this.#ledger.end(batch, new Map())
    if (status !== 400) throw error
    return error
  }
}

const isMarked = ({ marks }: Look, batch: RowBatch): boolean =>
  marks.some(({ id }) => id === batch.id)

/** Of Google's answer; 0 where there was none. */
const statusOf = (error: unknown): number => (error as { status?: number }).status ?? 0

const pick = (rows: Rows, ids: string[]): Rows =>
  new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) as number]] : [])))

const widthOf = (texts: string[][]): number =>
  texts.reduce((most, cells) => Math.max(most, cells.length), 0)

/** The rows as few ranges within the grid; ranges outside it would be refused, and nothing can stand there. */
function toSpans(rows: number[], rowCount: number): [number, number][] {
  const spans: [number, number][] = []
  for (const row of rows.toSorted((a, b) => a - b)) {
    if (row > rowCount) break
    const last = spans.at(-1)
    if (last && row <= last[1] + 1) last[1] = row
    else spans.push([row, row])
  }
  return spans
}
