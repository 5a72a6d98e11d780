// An SQLite file that one process has open at a time. What is committed survives a crash of the machine.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { explainSqliteError, openDatabase, transaction } from '#kafka/log/sqlite/database.ts'

export type SqlRow = Record<string, unknown>

export class SqliteFile {
  #db: DatabaseSync
  #statements = new Map<string, StatementSync>()

  constructor(file: string, schema: string) {
    try {
      this.#db = openDatabase(file, schema)
    } catch (cause) {
      throw explainSqliteError(file, cause as Error)
    }
  }

  /** Runs one or more statements without parameters. */
  exec(sql: string): void {
    this.#db.exec(sql)
  }

  get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined {
    return this.#statement(sql).get(...values)
  }

  all(sql: string, ...values: SQLInputValue[]): SqlRow[] {
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
    return transaction(this.#db, work)
  }

  close(): void {
    this.#db.close()
  }
}
