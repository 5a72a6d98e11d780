// An entry on its way into the buffer, as `Batch` takes it.
import type { Entry } from './port.ts'

export interface Item {
  /** Of the item: an id of a submission may occur in two spreadsheets. */
  id: string
  spreadsheet: string
  entry: Entry
}

/** Throws for a time that has no place in an order, before it meets the entries of others. */
export function toItems(spreadsheet: string, entries: Entry[]): Item[] {
  return entries.map((entry) => {
    if (!isoTime.test(entry.time))
      throw new RangeError(
        `Expected a time in UTC with milliseconds for ${entry.id}, found "${entry.time}"`,
      )
    return { id: `${spreadsheet} ${entry.id}`, spreadsheet, entry }
  })
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
