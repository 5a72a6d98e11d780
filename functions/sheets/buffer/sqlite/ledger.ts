// The rows of one tab in the SQLite buffer's file.
import type { SQLInputValue } from 'node:sqlite'
import { RetryLater } from '#kit/errors.ts'
import type { Known, Ledger, Order, Place, RowBatch } from '../port.ts'
import type { SqliteFile } from './file.ts'

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

/** Row 1 is the header where we made the tab. */
const firstRow = 2

export class SqliteLedger implements Ledger {
  readonly owner: string
  /** What is committed is never lost. */
  readonly suspect = false
  #file: SqliteFile
  #key: [spreadsheet: string, tab: string]

  constructor(file: SqliteFile, of: { spreadsheet: string; tab: string; owner: string }) {
    this.owner = of.owner
    this.#file = file
    this.#key = [of.spreadsheet, of.tab]
  }

  async known(ids: string[]): Promise<Known> {
    const part = this.#part()
    const places = ids.flatMap((id): [string, Place][] => {
      const place = this.#place(id)
      return place && place.row > 0 ? [[id, place]] : []
    })
    return {
      ...this.#batch(),
      part,
      next: this.#next(part),
      last: this.#last(),
      places: new Map(places),
    }
  }

  async begin(batch: RowBatch, since: { version: number; last: Order }): Promise<void> {
    this.#file.transaction(() => {
      const { version, batch: open } = this.#batch()
      if (open || version !== since.version)
        throw new RetryLater(
          'Another batch of rows was written meanwhile: the tab is looked at again',
        )
      for (const id of batch.ids)
        this.#run('INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, 0)', id, batch.part)
      this.#run('INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?)', version, JSON.stringify(batch))
      this.#setNext(batch.part, this.#next(batch.part))
      this.#setLast(since.last)
    })
  }

  async end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#file.transaction(() => {
      const { version, batch: open } = this.#batch()
      if (open?.id !== batch.id) return
      for (const id of batch.ids) {
        const row = rows.get(id)
        if (row) this.#put(id, batch.part, row)
        else
          this.#run('DELETE FROM row WHERE spreadsheet = ? AND tab = ? AND id = ? AND row = 0', id)
      }
      if (rows.size > 0) this.#setNext(batch.part, Math.max(...rows.values()) + 1)
      else this.#setLast(batch.before)
      this.#run('INSERT OR REPLACE INTO batch VALUES (?, ?, ?, NULL)', version + 1)
    })
  }

  async place(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#file.transaction(() => {
      for (const [id, row] of rows) this.#put(id, part, row)
    })
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#file.transaction(() => {
      this.#run('DELETE FROM row WHERE spreadsheet = ? AND tab = ? AND part = ?', part)
      this.#takeOver(part, rows)
      if (this.#get('SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ?')) return
      // Nothing stands any more that a new row could be later than.
      this.#run('DELETE FROM last WHERE spreadsheet = ? AND tab = ?')
    })
  }

  async trust(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#file.transaction(() => this.#takeOver(part, rows))
  }

  #takeOver(part: number, rows: ReadonlyMap<string, number>): void {
    let next = firstRow
    for (const [id, row] of rows) {
      this.#put(id, part, row)
      next = Math.max(next, row + 1)
    }
    this.#setNext(part, next)
  }

  #place(id: string): Place | undefined {
    const found = this.#get(
      'SELECT part, row FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?',
      id,
    )
    return found && { part: Number(found.part), row: Number(found.row) }
  }

  #batch(): { version: number; batch: RowBatch | undefined } {
    const found = this.#get('SELECT version, batch FROM batch WHERE spreadsheet = ? AND tab = ?')
    const batch = found?.batch ? (JSON.parse(String(found.batch)) as RowBatch) : undefined
    return { version: Number(found?.version ?? 0), batch }
  }

  async part(): Promise<number> {
    return this.#part()
  }

  #part(): number {
    const found = this.#get('SELECT max(part) AS part FROM part WHERE spreadsheet = ? AND tab = ?')
    return Number(found?.part ?? 1)
  }

  #next(part: number): number {
    const found = this.#get(
      'SELECT next FROM part WHERE spreadsheet = ? AND tab = ? AND part = ?',
      part,
    )
    return Number(found?.next ?? firstRow)
  }

  #setNext(part: number, next: number): void {
    this.#run('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)', part, next)
  }

  #last(): Order {
    const last = this.#get('SELECT time, id FROM last WHERE spreadsheet = ? AND tab = ?')
    return { time: String(last?.time ?? ''), id: String(last?.id ?? '') }
  }

  #setLast({ time, id }: Order): void {
    this.#run('INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)', time, id)
  }

  #put(id: string, part: number, row: number): void {
    this.#run(
      `INSERT INTO row VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET part = excluded.part, row = excluded.row`,
      ...[id, part, row],
    )
  }

  #get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    return this.#file.get(sql, ...this.#key, ...values)
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#file.run(sql, ...this.#key, ...values)
  }
}
