// The client of the sheets task: one writer for each tab, all on one ledger.
import { connectSheets, toTaskError } from './api.ts'
import { Batch } from './batch.ts'
import { SqliteLedger } from './ledger-sqlite.ts'
import { Tab } from './tab.ts'
import { type Entry, Writer } from './writer.ts'

export interface SheetsOptions {
  ledgerFile: string
  rootUrl: string | undefined
  /** Milliseconds in which rows are collected for one write. */
  wait: number
  /** Milliseconds until a call counts as failed. */
  timeout: number
}

export interface Target {
  spreadsheet: string
  tab: string
}

export interface Sheets {
  /** Resolves with the row's number once it stands in the sheet. */
  record(target: Target, entry: Entry): Promise<number>
  close(): Promise<void>
}

const maxRows = 500

export function openSheets({ ledgerFile, rootUrl, wait, timeout }: SheetsOptions): Sheets {
  const api = connectSheets(rootUrl, timeout)
  const ledger = new SqliteLedger(ledgerFile)
  const batches = new Map<string, Batch<Entry, number>>()

  function batchOf({ spreadsheet, tab: title }: Target): Batch<Entry, number> {
    const tab = new Tab(api, spreadsheet, title)
    const open = batches.get(tab.name)
    if (open) return open
    const writer = new Writer(tab, ledger)
    const flush = (entries: Entry[]) =>
      writer.write(entries).catch((error) => {
        throw toTaskError(error)
      })
    const batch = new Batch({ wait, size: maxRows, flush })
    batches.set(tab.name, batch)
    return batch
  }

  return {
    record: (target, entry) => batchOf(target).add(entry),
    close: () => ledger.close(),
  }
}
