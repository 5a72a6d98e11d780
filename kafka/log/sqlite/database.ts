// The SQLite files of this product: opening one, transactions, and readable messages for SQLite's errors.
import { DatabaseSync } from 'node:sqlite'

interface DatabaseOptions {
  /** Other processes may use the file too, and a statement waits up to 5 s for their locks. */
  shared?: boolean
  /** The file grows no further; a transaction that needs more fails. Default: no limit. */
  maxBytes?: number | undefined
}

/**
 * Opens the file, or creates it, and runs `schema`. A commit is flushed to disk, and deleted content is overwritten.
 *
 * The file belongs to this process until it closes the database or ends: another process that opens it gets "database is
 * locked", unless it is `shared`.
 */
export function openDatabase(
  file: string,
  schema: string,
  { shared = false, maxBytes }: DatabaseOptions = {},
): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: shared ? 5000 : 0 })
  if (!shared) db.exec('PRAGMA locking_mode = EXCLUSIVE')
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;')
  db.exec(schema)
  if (maxBytes !== undefined) {
    const { page_size } = db.prepare('PRAGMA page_size').get() as { page_size: number }
    db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / page_size)}`)
  }
  return db
}

/** Commits everything that `work` writes, or nothing if it throws. */
export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite may have rolled back already, for example when the disk is full.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Matched by message, because errors lose `errcode` between worker threads. */
const explanations: [RegExp, (file: string) => string][] = [
  [/database is locked/, (file) => `${file} belongs to another instance, which is running`],
  [
    /not a database|malformed/,
    (file) =>
      `Expected ${file} to be intact, found it damaged: restore a backup of it. If you move it away (with -wal and -shm), ` +
      'a new one is created, and what only this file held is lost',
  ],
  [
    /readonly|read-only/,
    (file) =>
      `Expected ${file} to be writable, found it read-only: change its owner or permissions`,
  ],
  [
    /unable to open/,
    (file) => `Expected to open ${file}, but could not: its folder must exist and be writable`,
  ],
  [/full/, (file) => `The disk of ${file} is full: free some space`],
  [/disk I\/O error/, (file) => `The disk of ${file} fails or is full`],
]

/** An error that names the file and says what to do. */
export function explainSqliteError(file: string, cause: Error): Error {
  const [, explain] = explanations.find(([pattern]) => pattern.test(cause.message)) ?? []
  return new Error(explain ? `${explain(file)} (${cause.message})` : `${file}: ${cause.message}`, {
    cause,
  })
}
