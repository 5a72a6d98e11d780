// The row ledger in an SQLite file with one owner: for one instance of the task.
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Allocation, Ledger } from './ledger.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS owner (id TEXT);
  CREATE TABLE IF NOT EXISTS tab (name TEXT PRIMARY KEY, next INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS row (tab TEXT, id TEXT, row INTEGER, PRIMARY KEY (tab, id)) WITHOUT ROWID;
`

/** Row 1 is the header. */
const firstRow = 2

export class SqliteLedger implements Ledger {
  readonly id: string
  #db: DatabaseSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 0 })
    this.#db.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;',
    )
    this.#db.exec(schema)
    this.id = this.#owner()
  }

  #owner(): string {
    const owner = this.#db.prepare('SELECT id FROM owner').get()
    if (owner) return String(owner.id)
    const id = randomUUID()
    this.#db.prepare('INSERT INTO owner VALUES (?)').run(id)
    return id
  }

  async allocate(tab: string, ids: string[]): Promise<Allocation[]> {
    return this.#transaction(() => {
      const known = this.#db.prepare('SELECT row FROM row WHERE tab = ? AND id = ?')
      const rows = ids.map((id) => known.get(tab, id)?.row)
      const fresh = this.#number(
        tab,
        ids.filter((_, index) => rows[index] === undefined),
        firstRow,
      )
      return ids.map((id, index) => {
        const row = rows[index]
        return row === undefined
          ? { id, row: fresh.get(id) as number, fresh: true }
          : { id, row: Number(row), fresh: false }
      })
    })
  }

  async reallocate(tab: string, ids: string[], lastUsed: number): Promise<Allocation[]> {
    return this.#transaction(() => {
      const rows = this.#number(tab, ids, lastUsed + 1)
      return ids.map((id) => ({ id, row: rows.get(id) as number, fresh: true }))
    })
  }

  async place(tab: string, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#transaction(() => this.#put(tab, rows))
  }

  async rebuild(tab: string, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void> {
    this.#transaction(() => {
      this.#db.prepare('DELETE FROM row WHERE tab = ?').run(tab)
      this.#put(tab, rows)
      this.#setNext(tab, Math.max(firstRow, lastUsed + 1))
    })
  }

  /** Numbers the ids from the tab's next row on, and not before `atLeast`. */
  #number(tab: string, ids: string[], atLeast: number): Map<string, number> {
    const stored = this.#db.prepare('SELECT next FROM tab WHERE name = ?').get(tab)
    const next = Math.max(atLeast, Number(stored?.next ?? 0))
    const rows = new Map(ids.map((id, index) => [id, next + index]))
    this.#put(tab, rows)
    this.#setNext(tab, next + ids.length)
    return rows
  }

  #put(tab: string, rows: ReadonlyMap<string, number>): void {
    const put = this.#db.prepare('INSERT OR REPLACE INTO row VALUES (?, ?, ?)')
    for (const [id, row] of rows) put.run(tab, id, row)
  }

  #setNext(tab: string, next: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO tab VALUES (?, ?)').run(tab, next)
  }

  #transaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  async close(): Promise<void> {
    this.#db.close()
  }
}
