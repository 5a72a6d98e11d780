// How far each group has come in the embedded log: the offset it has committed in each partition, and for a form that is further
// than that the offset of the form. So one form that stays behind makes none of the others come again.
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** In this partition all records of the form below the offset are settled. */
export interface Ahead {
  partition: number
  form: string
  offset: number
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
  #reached: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#commit = db.prepare('INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)')
    this.#putAhead = db.prepare('INSERT OR REPLACE INTO ahead VALUES (?, ?, ?, ?, ?)')
    this.#reached = db.prepare(
      'DELETE FROM ahead WHERE topic = ? AND "group" = ? AND partition = ? AND offset <= ?',
    )
  }

  committed(topic: string, group: string): Map<number, number> {
    const rows = this.#db
      .prepare('SELECT partition, offset FROM committed WHERE topic = ? AND "group" = ?')
      .all(topic, group)
    return new Map(rows.map((row) => [Number(row.partition), Number(row.offset)]))
  }

  ahead(topic: string, group: string): Ahead[] {
    const rows = this.#db
      .prepare('SELECT partition, form, offset FROM ahead WHERE topic = ? AND "group" = ?')
      .all(topic, group)
    return rows.map(({ partition, form, offset }) => ({
      partition: Number(partition),
      form: String(form),
      offset: Number(offset),
    }))
  }

  /** Within a transaction. `ahead`: what has changed. */
  commit(topic: string, group: string, { offsets, ahead }: Commit): void {
    for (const [partition, offset] of offsets.entries()) {
      this.#commit.run(topic, group, partition, offset)
      this.#reached.run(topic, group, partition, offset)
    }
    for (const { partition, form, offset } of ahead) {
      this.#putAhead.run(topic, group, partition, form, offset)
    }
  }

  /** The groups that once read the topic, whether their tasks run now or not. */
  of(topic: string): string[] {
    const rows = this.#db
      .prepare('SELECT DISTINCT "group" FROM committed WHERE topic = ?')
      .all(topic)
    return rows.map(({ group }) => String(group))
  }
}

export interface Commit {
  offsets: number[]
  ahead: Ahead[]
}
