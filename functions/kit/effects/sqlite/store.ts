// The ledger of effects in a file of DATA_DIR, for one instance of a task.
import type { StatementSync } from 'node:sqlite'
import { SharedCommit } from '#kafka/log/sqlite/shared-commit.ts'
import { RetryLater } from '../../errors.ts'
import {
  type Attempt,
  type EffectStore,
  type Known,
  leaseTime,
  type UnknownPolicy,
} from '../port.ts'

/** `result`: JSON. `noted`: milliseconds since 1970. */
const schema = `
  CREATE TABLE IF NOT EXISTS effect (
    submission TEXT,
    effect TEXT,
    state TEXT NOT NULL,
    unknown INTEGER NOT NULL,
    result TEXT,
    noted INTEGER NOT NULL,
    PRIMARY KEY (submission, effect)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS effect_noted ON effect (noted);`

interface Row {
  state: 'begun' | 'done' | 'unknown'
  unknown: number
  result: string | null
}

/** Old entries are deleted with each new one: more than one, so that the file does not grow, and few, so that none waits long. */
const pruneStep = 3

export class SqliteEffects implements EffectStore {
  #commit: SharedCommit
  #statements: Record<'find' | 'put' | 'remove' | 'prune', StatementSync>
  /**
   * The attempts of this process that may still have their effect, by effect, with the end of their lease. The attempts of all other
   * processes have ended, as the file belongs to one.
   */
  #running = new Map<string, { attempt: string; until: number }>()
  #keepTime: number

  /** `keepTime`: ms for which entries are kept. Throws if the file cannot be used. */
  constructor(file: string, keepTime: number) {
    this.#keepTime = keepTime
    this.#commit = new SharedCommit(file, schema)
    const prepare = (sql: string) => this.#commit.db.prepare(sql)
    this.#statements = {
      find: prepare(
        'SELECT state, unknown, result FROM effect WHERE submission = ? AND effect = ?',
      ),
      put: prepare('INSERT OR REPLACE INTO effect VALUES (?, ?, ?, ?, ?, ?)'),
      remove: prepare('DELETE FROM effect WHERE submission = ? AND effect = ?'),
      prune: prepare(`
        DELETE FROM effect WHERE (submission, effect) IN (
          SELECT submission, effect FROM effect WHERE noted < ? ORDER BY noted LIMIT ${pruneStep}
        )`),
    }
  }

  async begin(attempt: Attempt, policy: UnknownPolicy): Promise<Known> {
    const key = keyOf(attempt)
    const now = performance.now()
    if ((this.#running.get(key)?.until ?? 0) > now) return { state: 'held' }
    this.#running.set(key, { attempt: attempt.attempt, until: now + leaseTime })
    const known = await this.#write(() => this.#begin(attempt, policy)).catch((error) => {
      this.#running.delete(key)
      throw error
    })
    if (known.state !== 'begun') this.#running.delete(key)
    return known
  }

  #begin(attempt: Attempt, policy: UnknownPolicy): Known {
    const found = this.#find(attempt)
    if (found?.state === 'done') {
      const { unknown, result } = found
      return { state: 'done', unknown, result: JSON.parse(result as string) }
    }
    const interrupted = found?.state === 'begun'
    const unknown = (found?.unknown ?? 0) + (interrupted ? 1 : 0)
    const state = unknown > 0 && policy === 'leave' ? 'unknown' : 'begun'
    this.#put(attempt, { state, unknown, result: null })
    this.#statements.prune.run(Date.now() - this.#keepTime)
    return { state, unknown, interrupted }
  }

  finish(attempt: Attempt, result: unknown): Promise<void> {
    const text = JSON.stringify(result ?? null)
    return this.#end(attempt, (unknown) =>
      this.#put(attempt, { state: 'done', unknown, result: text }),
    )
  }

  giveBack(attempt: Attempt): Promise<void> {
    return this.#end(attempt, (unknown) => {
      if (unknown > 0) this.#put(attempt, { state: 'unknown', unknown, result: null })
      else this.#statements.remove.run(attempt.submission, attempt.effect)
    })
  }

  leave(attempt: Attempt): Promise<void> {
    return this.#end(attempt, (unknown) =>
      this.#put(attempt, { state: 'unknown', unknown: unknown + 1, result: null }),
    )
  }

  async #end(attempt: Attempt, write: (unknown: number) => void): Promise<void> {
    const key = keyOf(attempt)
    if (this.#running.get(key)?.attempt !== attempt.attempt) return
    await this.#write(() => write(this.#find(attempt)?.unknown ?? 0))
    this.#running.delete(key)
  }

  /** A disk that is full or fails may work again. */
  #write<Result>(work: () => Result): Promise<Result> {
    return this.#commit.run(work).catch((cause: Error) => {
      throw new RetryLater(cause.message, { cause })
    })
  }

  #find({ submission, effect }: Attempt): Row | undefined {
    return this.#statements.find.get(submission, effect) as Row | undefined
  }

  #put({ submission, effect }: Attempt, { state, unknown, result }: Row): void {
    this.#statements.put.run(submission, effect, state, unknown, result, Date.now())
  }

  problem(): undefined {}

  async close(): Promise<void> {
    this.#commit.close()
  }
}

const keyOf = ({ submission, effect }: Attempt): string => JSON.stringify([submission, effect])
