// The rows of one tab in the SQLite buffer's file.
import type { SQLInputValue } from 'node:sqlite'
import type { Allocation, Ledger, Place } from './buffer.ts'
import type { SqliteFile } from './buffer-sqlite-file.ts'

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
`

/** Row 1 is the header. */
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

  async allocate(entries: { id: string; time: string }[], lastRow: number): Promise<Allocation[]> {
    if (lastRow < firstRow) throw new RangeError(`Expected a last row below 1, found ${lastRow}`)
    return this.#file.transaction(() => {
      let part = this.#part()
      let next = this.#next(part)
      let last = this.#last()
      const allocations = entries.map(({ id, time }): Allocation => {
        const known = this.#place(id)
        if (known) return { id, ...known, fresh: false, late: false }
        while (next > lastRow) {
          this.#setNext(part, next)
          next = this.#next(++part)
        }
        const late = time < last.time || (time === last.time && id < last.id)
        if (!late) last = { time, id }
        this.#put(id, part, next)
        return { id, part, row: next++, fresh: true, late }
      })
      this.#setNext(part, next)
      this.#run('INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)', last.time, last.id)
      return allocations
    })
  }

  async reallocate(part: number, ids: string[], lastUsed: number): Promise<Allocation[]> {
    return this.#file.transaction(() => {
      const first = Math.max(this.#next(part), lastUsed + 1)
      this.#setNext(part, first + ids.length)
      return ids.map((id, index) => {
        this.#put(id, part, first + index)
        return { id, part, row: first + index, fresh: true, late: false }
      })
    })
  }

  async place(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#file.transaction(() => {
      for (const [id, row] of rows) this.#put(id, part, row)
    })
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void> {
    this.#file.transaction(() => {
      this.#run(
        `DELETE FROM row WHERE spreadsheet = ? AND tab = ? AND part = ? AND NOT EXISTS
          (SELECT 1 FROM entry WHERE entry.spreadsheet = row.spreadsheet AND entry.id = row.id)`,
        part,
      )
      const kept = this.#get(
        'SELECT max(row) AS row FROM row WHERE spreadsheet = ? AND tab = ? AND part = ?',
        part,
      )
      this.#setNext(part, Math.max(firstRow, (kept?.row ?? 0) + 1))
      this.#takeOver(part, rows, lastUsed)
      if (this.#get('SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ?')) return
      // Nothing stands any more that a new row could be later than.
      this.#run('DELETE FROM last WHERE spreadsheet = ? AND tab = ?')
    })
  }

  async trust(part: number, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void> {
    this.#file.transaction(() => this.#takeOver(part, rows, lastUsed))
  }

  #takeOver(part: number, rows: ReadonlyMap<string, number>, lastUsed: number): void {
    for (const [id, row] of rows) this.#put(id, part, row)
    this.#setNext(part, Math.max(this.#next(part), lastUsed + 1))
  }

  #place(id: string): Place | undefined {
    const found = this.#get(
      'SELECT part, row FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?',
      id,
    )
    return found && { part: Number(found.part), row: Number(found.row) }
  }

  async part(): Promise<number> {
    return this.#part()
  }

  #part(): number {
    const found = this.#get('SELECT max(part) AS part FROM part WHERE spreadsheet = ? AND tab = ?')
    return found?.part ?? 1
  }

  #next(part: number): number {
    const found = this.#get(
      'SELECT next FROM part WHERE spreadsheet = ? AND tab = ? AND part = ?',
      part,
    )
    return found?.next ?? firstRow
  }

  #setNext(part: number, next: number): void {
    this.#run('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)', part, next)
  }

  #last(): { time: string; id: string } {
    const last = this.#get('SELECT time, id FROM last WHERE spreadsheet = ? AND tab = ?')
    return { time: String(last?.time ?? ''), id: String(last?.id ?? '') }
  }

  #put(id: string, part: number, row: number): void {
    this.#run('INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?)', id, part, row)
  }

  #get(sql: string, ...values: SQLInputValue[]): Record<string, number> | undefined {
    return this.#file.get(sql, ...this.#key, ...values) as Record<string, number> | undefined
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#file.run(sql, ...this.#key, ...values)
  }
}
