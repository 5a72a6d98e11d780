// All of the work is written, or none of it.
import type { DatabaseSync } from 'node:sqlite'

export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
