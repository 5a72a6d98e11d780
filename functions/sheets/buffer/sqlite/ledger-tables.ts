// The tables of the ledger, read and written for one tab.
import type { SQLInputValue } from 'node:sqlite'
import type { LedgerRow, Order, RowBatch } from '../port.ts'
import type { SqliteFile, SqlRow } from './file.ts'

// `row.row` is 0 while the row is being written.
export const ledgerSchema = `
  CREATE TABLE IF NOT EXISTS last (
    spreadsheet TEXT, tab TEXT, time TEXT, id TEXT, PRIMARY KEY (spreadsheet, tab)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS part (
    spreadsheet TEXT, tab TEXT, part INTEGER, next INTEGER, PRIMARY KEY (spreadsheet, tab, part)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS row (
    spreadsheet TEXT, tab TEXT, id TEXT, part INTEGER, row INTEGER, PRIMARY KEY (spreadsheet, tab, id)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS batch (
    spreadsheet TEXT, tab TEXT, version INTEGER, batch TEXT, PRIMARY KEY (spreadsheet, tab)
  ) WITHOUT ROWID;
`

/** Row 1 is the header in a tab that we created. */
export const firstRow = 2

export class LedgerTables {
  #file: SqliteFile
  #key: [spreadsheet: string, tab: string]

  constructor(file: SqliteFile, spreadsheet: string, tab: string) {
    this.#file = file
    this.#key = [spreadsheet, tab]
  }

  transaction<Result>(work: () => Result): Result {
    return this.#file.transaction(work)
  }

  batch(): { version: number; batch: RowBatch | undefined } {
    const found = this.#get('SELECT version, batch FROM batch WHERE spreadsheet = ? AND tab = ?')
    const batch = found?.batch ? (JSON.parse(String(found.batch)) as RowBatch) : undefined
    return { version: Number(found?.version ?? 0), batch }
  }

  setBatch(version: number, batch: RowBatch | undefined): void {
    const text = batch ? JSON.stringify(batch) : null
    this.#run('INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?)', version, text)
  }

  lastPart(): number {
    const found = this.#get('SELECT max(part) AS part FROM part WHERE spreadsheet = ? AND tab = ?')
    return Number(found?.part ?? 1)
  }

  nextRow(part: number): number {
    const found = this.#get(
      'SELECT next FROM part WHERE spreadsheet = ? AND tab = ? AND part = ?',
      part,
    )
    return Number(found?.next ?? firstRow)
  }

  setNextRow(part: number, next: number): void {
    this.#run('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)', part, next)
  }

  last(): Order {
    const last = this.#get('SELECT time, id FROM last WHERE spreadsheet = ? AND tab = ?')
    return { time: String(last?.time ?? ''), id: String(last?.id ?? '') }
  }

  setLast({ time, id }: Order): void {
    this.#run('INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)', time, id)
  }

  removeLast(): void {
    this.#run('DELETE FROM last WHERE spreadsheet = ? AND tab = ?')
  }

  row(id: string): LedgerRow | undefined {
    const found = this.#get(
      'SELECT part, row FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?',
      id,
    )
    return found && { part: Number(found.part), row: Number(found.row) }
  }

  setRow(id: string, { part, row }: LedgerRow): void {
    this.#run(
      `INSERT INTO row VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET part = excluded.part, row = excluded.row`,
      ...[id, part, row],
    )
  }

  /** Keeps a row that is there already. */
  reserveRow(id: string, part: number): void {
    this.#run('INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, 0)', id, part)
  }

  /** Removes a row that was reserved and not written. */
  releaseRow(id: string): void {
    this.#run('DELETE FROM row WHERE spreadsheet = ? AND tab = ? AND id = ? AND row = 0', id)
  }

  removeRows(part: number): void {
    this.#run('DELETE FROM row WHERE spreadsheet = ? AND tab = ? AND part = ?', part)
  }

  hasRows(): boolean {
    return this.#get('SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ?') !== undefined
  }

  #get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined {
    return this.#file.get(sql, ...this.#key, ...values)
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#file.run(sql, ...this.#key, ...values)
  }
}
