// The emulator's SQLite file. A row of a tab is a row of the table `line`, so that a write touches only its rows.
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '#kafka/log/sqlite/database.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS spreadsheet (
    id TEXT PRIMARY KEY, title TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS tab (
    key INTEGER PRIMARY KEY, spreadsheet TEXT NOT NULL REFERENCES spreadsheet (id),
    sheetId INTEGER NOT NULL, title TEXT NOT NULL COLLATE NOCASE, position INTEGER NOT NULL,
    rowCount INTEGER NOT NULL, columnCount INTEGER NOT NULL,
    UNIQUE (spreadsheet, sheetId), UNIQUE (spreadsheet, title)
  );
  CREATE TABLE IF NOT EXISTS line (
    tab INTEGER NOT NULL, number INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (tab, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS metadata (
    spreadsheet TEXT NOT NULL, metadataId INTEGER NOT NULL, sheetId INTEGER,
    metadataKey TEXT NOT NULL, metadataValue TEXT, visibility TEXT NOT NULL,
    dimension TEXT, position INTEGER,
    PRIMARY KEY (spreadsheet, metadataId)
  );
  CREATE TABLE IF NOT EXISTS merge (
    tab INTEGER NOT NULL, top INTEGER NOT NULL, left INTEGER NOT NULL,
    bottom INTEGER NOT NULL, right INTEGER NOT NULL, PRIMARY KEY (tab, top, left)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS metadata_of_tab ON metadata (spreadsheet, sheetId);
`

export function openSheetsDatabase(file: string): DatabaseSync {
  const db = openDatabase(file, schema, { shared: true })
  addColumns(db)
  return db
}

/** Files of earlier versions lack these columns. */
function addColumns(db: DatabaseSync): void {
  const names = db
    .prepare('PRAGMA table_info(metadata)')
    .all()
    .map(({ name }) => name)
  if (names.includes('dimension')) return
  db.exec('ALTER TABLE metadata ADD COLUMN dimension TEXT')
  db.exec('ALTER TABLE metadata ADD COLUMN position INTEGER')
}
