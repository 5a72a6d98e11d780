// Places in a file of DATA_DIR, for one endpoint. Calls that arrive together share one commit.
import type { StatementSync } from 'node:sqlite'
import { SharedCommit } from '#kafka/log/sqlite/shared-commit.ts'
import type { Holder, Places } from './port.ts'

/** `requests`: how many requests hold the place and have not given it back. */
const schema =
  'CREATE TABLE IF NOT EXISTS places (form TEXT, id TEXT, requests INTEGER NOT NULL, PRIMARY KEY (form, id)) WITHOUT ROWID;'

export class SqlitePlaces implements Places {
  #commit: SharedCommit
  #find: StatementSync
  #count: StatementSync
  #hold: StatementSync
  #giveBack: StatementSync
  #free: StatementSync
  /** Places taken, by form: counting them takes long for a large limit. */
  #taken = new Map<string, number>()

  constructor(file: string) {
    // What was not committed was counted, so the numbers are read again.
    this.#commit = new SharedCommit(file, schema, () => this.#taken.clear())
    const prepare = (sql: string) => this.#commit.db.prepare(sql)
    this.#find = prepare('SELECT 1 FROM places WHERE form = ? AND id = ?')
    this.#count = prepare('SELECT count(*) AS taken FROM places WHERE form = ?')
    this.#hold = prepare(
      'INSERT INTO places VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET requests = requests + 1',
    )
    this.#giveBack = prepare('UPDATE places SET requests = requests - 1 WHERE form = ? AND id = ?')
    this.#free = prepare('DELETE FROM places WHERE form = ? AND id = ? AND requests <= 0')
  }

  take({ form, id }: Holder, limit: number): Promise<boolean> {
    return this.#commit.run(() => {
      const isRepeat = this.#find.get(form, id) !== undefined
      if (!isRepeat && this.#takenBy(form) >= limit) return false
      this.#hold.run(form, id)
      if (!isRepeat) this.#taken.set(form, this.#takenBy(form) + 1)
      return true
    })
  }

  async giveBack({ form, id }: Holder): Promise<void> {
    await this.#commit.run(() => {
      this.#giveBack.run(form, id)
      const { changes } = this.#free.run(form, id)
      this.#taken.set(form, this.#takenBy(form) - Number(changes))
    })
  }

  async isFull(form: string, limit: number): Promise<boolean> {
    return this.#takenBy(form) >= limit
  }

  async close(): Promise<void> {
    this.#commit.close()
  }

  #takenBy(form: string): number {
    const taken = this.#taken.get(form) ?? Number(this.#count.get(form)?.taken)
    this.#taken.set(form, taken)
    return taken
  }
}
