// All that the emulator keeps, behind one transaction for each request.

import { transaction } from '#kafka/log/sqlite/database.ts'
import { Cells } from './cells.ts'
import { openSheetsDatabase } from './database.ts'
import { MergeStore } from './merges.ts'
import { MetadataStore } from './metadata.ts'
import { newTab, Tabs } from './tabs.ts'

export type Store = ReturnType<typeof openStore>

/** What a request works on: one spreadsheet of the store. */
export type Book = { store: Store; id: string }

export function openStore(file: string) {
  const db = openSheetsDatabase(file)
  return {
    tabs: new Tabs(db),
    metadata: new MetadataStore(db),
    cells: new Cells(db),
    merges: new MergeStore(db),
    transaction: <T>(work: () => T): T => transaction(db, work),
    close: () => db.close(),
  }
}

/** A spreadsheet comes into being when it is first named, so that a form needs no set-up. */
export function openBook(store: Store, id: string): Book {
  if (store.tabs.titleOf(id) === undefined) {
    store.tabs.create(id, id)
    store.tabs.add(id, { ...newTab, index: 0 })
  }
  return { store, id }
}
