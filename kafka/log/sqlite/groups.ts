// How far each consumer group has come: the committed offset of each partition and, for forms that are ahead of it, an offset of
// their own. Without the latter, one slow form would make the records of all others be delivered again after a restart.
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** In this partition, all records of the form below the offset are handled. */
export interface FormOffset {
  partition: number
  form: string
  offset: number
}

export interface Commit {
  /** First offset of each partition that is not committed. */
  offsets: number[]
  /** Forms that are ahead of `offsets`. In a commit: only those that changed. */
  ahead: FormOffset[]
}

/** Where a group starts to read. */
export interface GroupStart {
  /** Offset of each partition. All records below it are handled. */
  positions: number[]
  ahead: FormOffset[]
  ends: number[]
  /** Number of records that are not handled. */
  remaining: number
}

export const groupsSchema = `
  CREATE TABLE IF NOT EXISTS committed (
    topic TEXT, "group" TEXT, partition INTEGER, offset INTEGER,
    PRIMARY KEY (topic, "group", partition)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ahead (
    topic TEXT, "group" TEXT, partition INTEGER, form TEXT, offset INTEGER,
    PRIMARY KEY (topic, "group", partition, form)
  ) WITHOUT ROWID;
`

export class Groups {
  #db: DatabaseSync
  #commit: StatementSync
  #putAhead: StatementSync
  #deleteReached: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#commit = db.prepare('INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)')
    this.#putAhead = db.prepare('INSERT OR REPLACE INTO ahead VALUES (?, ?, ?, ?, ?)')
    this.#deleteReached = db.prepare(
      'DELETE FROM ahead WHERE topic = ? AND "group" = ? AND partition = ? AND offset <= ?',
    )
  }

  committed(topic: string, group: string): Map<number, number> {
    const rows = this.#db
      .prepare('SELECT partition, offset FROM committed WHERE topic = ? AND "group" = ?')
      .all(topic, group)
    return new Map(rows.map((row) => [Number(row.partition), Number(row.offset)]))
  }

  ahead(topic: string, group: string): FormOffset[] {
    const rows = this.#db
      .prepare('SELECT partition, form, offset FROM ahead WHERE topic = ? AND "group" = ?')
      .all(topic, group)
    return rows.map(({ partition, form, offset }) => ({
      partition: Number(partition),
      form: String(form),
      offset: Number(offset),
    }))
  }

  /** Call it within a transaction. */
  commit(topic: string, group: string, { offsets, ahead }: Commit): void {
    for (const [partition, offset] of offsets.entries()) {
      this.#commit.run(topic, group, partition, offset)
      this.#deleteReached.run(topic, group, partition, offset)
    }
    for (const { partition, form, offset } of ahead) {
      this.#putAhead.run(topic, group, partition, form, offset)
    }
  }

  /** All groups that ever read the topic, whether they read it now or not. */
  of(topic: string): string[] {
    const rows = this.#db
      .prepare('SELECT DISTINCT "group" FROM committed WHERE topic = ?')
      .all(topic)
    return rows.map(({ group }) => String(group))
  }
}
