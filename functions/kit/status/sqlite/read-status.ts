// Reads the status view that another thread or process writes. Never fails and hardly waits: what cannot be read is not known.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Status, StatusReader } from '../port.ts'
import { getSql, toStatus } from './rows.ts'

/** How long a read waits for a lock, ms. Readers of a WAL file wait only while it is opened or recovered. */
const lockTimeout = 10
/** ms after a failure, so that a file that is missing or damaged costs no more than a comparison. */
const retryAfter = 1000

export class SqliteStatusReader implements StatusReader {
  #file: string
  #now: () => number
  #open: { db: DatabaseSync; statement: StatementSync } | undefined
  #blockedUntil = 0

  constructor(file: string, now: () => number = Date.now) {
    this.#file = file
    this.#now = now
  }

  async get(submission: string): Promise<Status | undefined> {
    if (this.#now() < this.#blockedUntil) return undefined
    try {
      this.#open ??= openReader(this.#file)
      const row = this.#open.statement.get(submission)
      return row && toStatus(row)
    } catch {
      this.close()
      this.#blockedUntil = this.#now() + retryAfter
      return undefined
    }
  }

  close(): void {
    this.#open?.db.close()
    this.#open = undefined
  }
}

function openReader(file: string) {
  const db = new DatabaseSync(file, { readOnly: true, timeout: lockTimeout })
  try {
    return { db, statement: db.prepare(getSql) }
  } catch (error) {
    db.close()
    throw error
  }
}
