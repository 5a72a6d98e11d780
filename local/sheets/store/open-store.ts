// Everything that the emulator stores. Each request runs in one transaction.
import { transaction } from '#kafka/log/sqlite/database.ts'
import { CellStore } from './cells.ts'
import { openSheetsDatabase } from './database.ts'
import { MergeStore } from './merged-cells.ts'
import { MetadataStore } from './metadata.ts'
import { newTab, TabStore } from './tabs.ts'

export type Store = ReturnType<typeof openStore>

/** The spreadsheet that a request works on. */
export type Spreadsheet = { store: Store; id: string }

export function openStore(file: string) {
  const db = openSheetsDatabase(file)
  return {
    tabs: new TabStore(db),
    metadata: new MetadataStore(db),
    cells: new CellStore(db),
    merges: new MergeStore(db),
    transaction: <T>(work: () => T): T => transaction(db, work),
    close: () => db.close(),
  }
}

/** Creates the spreadsheet if its id is new, so that forms need no set-up. */
export function openSpreadsheet(store: Store, id: string): Spreadsheet {
  if (store.tabs.titleOf(id) === undefined) {
    store.tabs.create(id, id)
    store.tabs.add(id, { ...newTab, index: 0 })
  }
  return { store, id }
}
