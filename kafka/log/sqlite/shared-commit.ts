// Calls that arrive together share one commit, so that a flush to disk serves many.
import type { DatabaseSync } from 'node:sqlite'
import { explainSqliteError, openDatabase, transaction } from './database.ts'

interface Call {
  work: () => unknown
  resolve: (result: never) => void
  reject: (error: Error) => void
}

export class SharedCommit {
  readonly db: DatabaseSync
  #file: string
  #onFailure: () => void
  #waiting: Call[] = []

  /** Opens the file. `onFailure`: called when calls were not committed. Throws if the file cannot be used. */
  constructor(file: string, schema: string, onFailure: () => void = () => {}) {
    this.#file = file
    this.#onFailure = onFailure
    try {
      this.db = openDatabase(file, schema)
    } catch (cause) {
      throw explainSqliteError(file, cause as Error)
    }
  }

  /** Runs `work` within the next transaction, and resolves with its result once that is durable. */
  run<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush())
      this.#waiting.push({ work, resolve, reject })
    })
  }

  close(): void {
    this.#flush()
    this.db.close()
  }

  #flush(): void {
    const calls = this.#waiting.splice(0)
    if (calls.length === 0) return
    try {
      const results = transaction(this.db, () => calls.map(({ work }) => work()))
      for (const [n, { resolve }] of calls.entries()) resolve(results[n] as never)
    } catch (cause) {
      this.#onFailure()
      const error = explainSqliteError(this.#file, cause as Error)
      for (const { reject } of calls) reject(error)
    }
  }
}
