// The column and index that find the records of one form. Files of older versions lack them.
import type { DatabaseSync } from 'node:sqlite'

/** Computed from the stored headers, so only the index takes space. */
const formOfRecord = `coalesce(headers ->> 'ce-form', '')`
/** Indexing more records than this takes seconds, so it is announced. */
const announceFrom = 500_000

/** Does nothing if the column exists. Otherwise takes about 4 seconds for a million records. */
export function addFormColumn(db: DatabaseSync): void {
  const columns = db.prepare(`SELECT name FROM pragma_table_xinfo('record')`).all()
  if (columns.some(({ name }) => name === 'form')) return
  const { count } = db.prepare('SELECT count(*) AS count FROM record').get() as { count: number }
  if (count > announceFrom) process.emitWarning(`Indexing ${count} records of the log by form`)
  // In one transaction: after an interrupted start the next one repeats it.
  db.exec(`
    BEGIN;
    ALTER TABLE record ADD COLUMN form TEXT GENERATED ALWAYS AS (${formOfRecord}) VIRTUAL;
    CREATE INDEX record_by_form ON record (topic, partition, form, offset);
    COMMIT;
  `)
}
