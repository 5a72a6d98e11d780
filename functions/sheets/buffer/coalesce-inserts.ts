// Collects the entries of concurrent deliveries into one insert, for both adapters.
import type { Entry } from '../row.ts'
import { Coalescer } from './coalesce.ts'
import type { RowBuffer } from './port.ts'

export interface Insert {
  /** A submission may be in two spreadsheets, so this is more than the entry's id. */
  id: string
  spreadsheet: string
  entry: Entry
}

const maxInserts = 1000

export function coalesceInserts(insert: (inserts: Insert[]) => Promise<void>): RowBuffer['add'] {
  const coalescer = new Coalescer<Insert, void>({
    wait: 0,
    size: maxInserts,
    flush: async (inserts) => {
      await insert(inserts)
      return new Map()
    },
  })
  return async (spreadsheet, entries) => {
    const inserts = entries.map((entry) => toInsert(spreadsheet, entry))
    await Promise.all(inserts.map((one) => coalescer.add(one)))
  }
}

/** Rejects a time that cannot be sorted as text, so that one entry does not fail the insert of others. */
function toInsert(spreadsheet: string, entry: Entry): Insert {
  if (!isoTime.test(entry.time))
    throw new RangeError(
      `Expected a time in UTC with milliseconds for ${entry.id}, found "${entry.time}"`,
    )
  return { id: `${spreadsheet} ${entry.id}`, spreadsheet, entry }
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
