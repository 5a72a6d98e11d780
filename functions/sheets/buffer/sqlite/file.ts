// An SQLite file with one owner: a second one is refused, and what is committed survives a crash of the machine.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { sqliteProblem } from '#kafka/log/sqlite/database.ts'

type Found = Record<string, unknown>

export class SqliteFile {
  #db: DatabaseSync
  #statements = new Map<string, StatementSync>()

  constructor(file: string, schema: string) {
    try {
      this.#db = new DatabaseSync(file, { timeout: 0 })
      this.#db.exec(
        'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;',
      )
      this.#db.exec(schema)
    } catch (cause) {
      throw sqliteProblem(file, cause as Error)
    }
  }

  /** Several statements at once, without values. */
  exec(sql: string): void {
    this.#db.exec(sql)
  }

  get(sql: string, ...values: SQLInputValue[]): Found | undefined {
    return this.#statement(sql).get(...values)
  }

  all(sql: string, ...values: SQLInputValue[]): Found[] {
    return this.#statement(sql).all(...values)
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values)
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  transaction<Result>(work: () => Result): Result {
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

  close(): void {
    this.#db.close()
  }
}
