// The status view in an SQLite file. Its one writer; readers open the file themselves (read-status.ts).
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explainSqliteError, openDatabase, transaction } from '#kafka/log/sqlite/database.ts'
import type { Fact, Status, StatusStore } from '../port.ts'
import { getSql, pruneSql, putSql, schema, toRow, toStatus } from './rows.ts'

interface Options {
  /** Rows first seen before so many ms are deleted. */
  keep: number
  now?: () => number
}

interface Waiting {
  fact: Fact
  resolve: () => void
  reject: (error: Error) => void
}

/** Facts that arrive within so many ms share a commit. */
const pause = 20
const pruneEvery = 60_000
/** Rows, so that a step takes milliseconds. */
const pruneStep = 1000

export class SqliteStatusStore implements StatusStore {
  #file: string
  #db: DatabaseSync
  #options: Required<Options>
  #statements: Record<'put' | 'get' | 'prune', StatementSync>
  #waiting: Waiting[] = []
  #flush: NodeJS.Timeout | undefined
  #pruning: NodeJS.Timeout

  /** Throws if the file cannot be used. */
  constructor(file: string, { keep, now = Date.now }: Options) {
    this.#file = file
    this.#options = { keep, now }
    try {
      this.#db = openDatabase(file, schema, { shared: true })
      // A commit survives a crash of the process, but does not wait for the disk, on which this thread would wait with all its sources.
      // After a power failure, steps of the last seconds may be missing.
      this.#db.exec('PRAGMA synchronous = NORMAL')
    } catch (cause) {
      throw explainSqliteError(file, cause as Error)
    }
    const prepare = (sql: string) => this.#db.prepare(sql)
    this.#statements = { put: prepare(putSql), get: prepare(getSql), prune: prepare(pruneSql) }
    // Also while nothing is written: answers must not stay longer.
    this.#pruning = setInterval(() => this.#tryPrune(), pruneEvery).unref()
  }

  put(fact: Fact): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ fact, resolve, reject })
      this.#flush ??= setTimeout(() => this.#commit(), pause)
    })
  }

  async get(submission: string): Promise<Status | undefined> {
    const row = this.#statements.get.get(submission)
    return row && toStatus(row)
  }

  /** Deletes up to `limit` of the oldest rows if they are too old. */
  prune(limit = pruneStep): void {
    const { keep, now } = this.#options
    this.#statements.prune.run(now() - keep, limit)
  }

  close(): void {
    clearTimeout(this.#flush)
    clearInterval(this.#pruning)
    if (this.#waiting.length > 0) this.#commit()
    this.#db.close()
  }

  #commit(): void {
    const batch = this.#waiting.splice(0)
    this.#flush = undefined
    try {
      transaction(this.#db, () => {
        const now = this.#options.now()
        for (const { fact } of batch) this.#statements.put.run(...toRow(fact, now))
        // More than were added, so that the file does not grow.
        this.prune(2 * batch.length)
      })
      for (const { resolve } of batch) resolve()
    } catch (cause) {
      const error = explainSqliteError(this.#file, cause as Error)
      for (const { reject } of batch) reject(error)
    }
  }

  #tryPrune(): void {
    try {
      this.prune()
    } catch (error) {
      process.emitWarning(explainSqliteError(this.#file, error as Error))
    }
  }
}
