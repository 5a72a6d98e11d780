// The records in a file of DATA_DIR, for one instance.
import type { StatementSync } from 'node:sqlite'
import { SharedCommit } from '#kafka/log/sqlite/shared-commit.ts'
import { RetryLater } from '#kit/errors.ts'
import { hashAddress } from './hash-address.ts'
import { hour, maxPerHour, type Recipient, type Records, refusalTime } from './port.ts'

/** Times are ms since 1970. `address`: hashes, the one in `refused` together with the form. */
const schema = `
  CREATE TABLE IF NOT EXISTS mails (address TEXT, id TEXT, at INTEGER NOT NULL, PRIMARY KEY (address, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS mails_at ON mails (at);
  CREATE TABLE IF NOT EXISTS refused (address TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
`

type Statement = 'forget' | 'find' | 'count' | 'add' | 'findRefused' | 'forgetRefused' | 'refuse'

export class SqliteRecords implements Records {
  #commit: SharedCommit
  #statements: Record<Statement, StatementSync>
  #now: () => number

  constructor(file: string, now = Date.now) {
    this.#now = now
    this.#commit = new SharedCommit(file, schema)
    const prepare = (sql: string) => this.#commit.db.prepare(sql)
    this.#statements = {
      forget: prepare('DELETE FROM mails WHERE at <= ?'),
      find: prepare('SELECT 1 FROM mails WHERE address = ? AND id = ?'),
      count: prepare('SELECT count(*) AS mails FROM mails WHERE address = ?'),
      add: prepare('INSERT INTO mails VALUES (?, ?, ?)'),
      findRefused: prepare('SELECT 1 FROM refused WHERE address = ? AND until > ?'),
      forgetRefused: prepare('DELETE FROM refused WHERE until <= ?'),
      refuse: prepare('INSERT OR REPLACE INTO refused VALUES (?, ?)'),
    }
  }

  admit(address: string, id: string): Promise<boolean> {
    const key = hashAddress(address)
    const { forget, find, count, add } = this.#statements
    return this.#run(() => {
      const now = this.#now()
      forget.run(now - hour)
      if (find.get(key, id)) return true
      if (Number(count.get(key)?.mails) >= maxPerHour) return false
      add.run(key, id, now)
      return true
    })
  }

  isRefused({ address, form }: Recipient): Promise<boolean> {
    const key = hashAddress(address, form)
    return this.#run(() => this.#statements.findRefused.get(key, this.#now()) !== undefined)
  }

  async refuse({ address, form }: Recipient): Promise<void> {
    const key = hashAddress(address, form)
    await this.#run(() => {
      const now = this.#now()
      this.#statements.forgetRefused.run(now)
      this.#statements.refuse.run(key, now + refusalTime)
    })
  }

  problem(): undefined {}

  async close(): Promise<void> {
    this.#commit.close()
  }

  /** A disk that is full or fails may work again. */
  #run<Result>(work: () => Result): Promise<Result> {
    return this.#commit.run(work).catch((cause: Error) => {
      throw new RetryLater(cause.message, { cause })
    })
  }
}
