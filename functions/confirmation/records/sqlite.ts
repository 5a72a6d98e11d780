// The records in a file of DATA_DIR, for one instance.
import type { DatabaseSync } from 'node:sqlite'
import { explainSqliteError, openDatabase, transaction } from '#kafka/log/sqlite/database.ts'
import { RetryLater } from '#kit/errors.ts'
import { hashAddress } from './hash-address.ts'
import { hour, maxPerHour, type Recipient, type Records, refusalTime } from './port.ts'

/** Times are ms since 1970. `address`: hashes, the one in `refused` together with the form. */
const schema = `
  CREATE TABLE IF NOT EXISTS mails (address TEXT, id TEXT, at INTEGER NOT NULL, PRIMARY KEY (address, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS mails_at ON mails (at);
  CREATE TABLE IF NOT EXISTS refused (address TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
`

export class SqliteRecords implements Records {
  #file: string
  #db: DatabaseSync
  #now: () => number

  constructor(file: string, now = Date.now) {
    this.#file = file
    this.#now = now
    try {
      this.#db = openDatabase(file, schema)
    } catch (cause) {
      throw explainSqliteError(file, cause as Error)
    }
  }

  async admit(address: string, id: string): Promise<boolean> {
    const key = hashAddress(address)
    return this.#run((db) => {
      const now = this.#now()
      db.prepare('DELETE FROM mails WHERE at <= ?').run(now - hour)
      if (db.prepare('SELECT 1 FROM mails WHERE address = ? AND id = ?').get(key, id)) return true
      const row = db.prepare('SELECT count(*) AS mails FROM mails WHERE address = ?').get(key)
      if (Number(row?.mails) >= maxPerHour) return false
      db.prepare('INSERT INTO mails VALUES (?, ?, ?)').run(key, id, now)
      return true
    })
  }

  async isRefused({ address, form }: Recipient): Promise<boolean> {
    const key = hashAddress(address, form)
    const find = 'SELECT 1 FROM refused WHERE address = ? AND until > ?'
    return this.#run((db) => db.prepare(find).get(key, this.#now()) !== undefined)
  }

  async refuse({ address, form }: Recipient): Promise<void> {
    const key = hashAddress(address, form)
    this.#run((db) => {
      const now = this.#now()
      db.prepare('DELETE FROM refused WHERE until <= ?').run(now)
      db.prepare('INSERT OR REPLACE INTO refused VALUES (?, ?)').run(key, now + refusalTime)
    })
  }

  problem(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#db.close()
  }

  #run<Result>(work: (db: DatabaseSync) => Result): Result {
    try {
      return transaction(this.#db, () => work(this.#db))
    } catch (cause) {
      const { message } = explainSqliteError(this.#file, cause as Error)
      throw new RetryLater(message, { cause })
    }
  }
}
