// The buffer in an SQLite file with one owner: for one instance of the task.
import { randomUUID } from 'node:crypto'
import { Batch } from './batch.ts'
import type { Buffer, Entry, Lease, Ledger, Waiting } from './buffer.ts'
import { type Item, toItems } from './buffer-item.ts'
import { SqliteFile } from './buffer-sqlite-file.ts'
import { ledgerSchema, SqliteLedger } from './buffer-sqlite-ledger.ts'
import { CallWindow } from './buffer-window.ts'
import { folded, keyOf, type Target } from './title.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS owner (spreadsheet TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS title (
    spreadsheet TEXT, folded TEXT, tab TEXT, PRIMARY KEY (spreadsheet, folded)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS place (
    form TEXT, spreadsheet TEXT, tab TEXT, PRIMARY KEY (form, spreadsheet, tab)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (
    spreadsheet TEXT, id TEXT, time TEXT, entry TEXT, tab TEXT, PRIMARY KEY (spreadsheet, id)
  );
`
/** A file of an earlier version kept the tab in the entry alone. */
const hasNoTab =
  "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('entry') WHERE name = 'tab')"
const addTab = `
  ALTER TABLE entry ADD COLUMN tab TEXT;
  UPDATE entry SET tab = json_extract(entry, '$.tab');
  DROP INDEX IF EXISTS entry_order;
`
const order = 'CREATE INDEX IF NOT EXISTS entry_due ON entry (spreadsheet, tab, time, id);'

const waits = 'SELECT 1 FROM entry WHERE spreadsheet = ? AND id = ?'
const remove = 'DELETE FROM entry WHERE spreadsheet = ? AND id = ?'
const recorded = 'SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?'

export class SqliteBuffer implements Buffer {
  #file: SqliteFile
  #leases = new Map<string, { until: number }>()
  #calls = { read: new CallWindow(), write: new CallWindow() }
  #adds = new Batch<Item, void>({
    wait: 0,
    size: 1000,
    flush: async (items) => this.#insert(items),
  })

  constructor(file: string) {
    this.#file = new SqliteFile(file, schema + ledgerSchema)
    this.#file.transaction(() => {
      if (this.#file.get(hasNoTab)) this.#file.exec(addTab)
      this.#file.exec(order)
    })
  }

  async add(spreadsheet: string, entries: Entry[]): Promise<void> {
    const items = toItems(spreadsheet, entries)
    await Promise.all(items.map((item) => this.#adds.add(item)))
  }

  #insert(items: Item[]): ReadonlyMap<string, void> {
    return this.#file.transaction(() => {
      for (const { spreadsheet, entry } of items) {
        const tab = this.#titleOf(spreadsheet, entry.tab)
        if (!this.#isKnown({ spreadsheet, tab }, entry)) this.#put({ spreadsheet, tab }, entry)
      }
      return new Map()
    })
  }

  #isKnown(target: Target, { id, again, cause }: Entry): boolean {
    const places = this.#file.all('SELECT spreadsheet, tab FROM place WHERE form = ?', cause.form)
    return [target, ...(places as unknown as Target[])].some(
      ({ spreadsheet, tab }) =>
        this.#file.get(waits, spreadsheet, id) ||
        (!again && this.#file.get(recorded, spreadsheet, tab, id)),
    )
  }

  #put({ spreadsheet, tab }: Target, entry: Entry): void {
    const values = [spreadsheet, entry.id, entry.time, JSON.stringify({ ...entry, tab }), tab]
    this.#file.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?)', ...values)
    const place = [entry.cause.form, spreadsheet, tab]
    this.#file.run('INSERT OR IGNORE INTO place VALUES (?, ?, ?)', ...place)
  }

  /** The first title that the tab was given. */
  #titleOf(spreadsheet: string, title: string): string {
    const key = [spreadsheet, folded(title)]
    this.#file.run('INSERT OR IGNORE INTO title VALUES (?, ?, ?)', ...key, title)
    const found = this.#file.get(
      'SELECT tab FROM title WHERE spreadsheet = ? AND folded = ?',
      ...key,
    )
    return String(found?.tab)
  }

  async waiting(): Promise<Waiting[]> {
    const found = this.#file.all(
      'SELECT spreadsheet, tab, count(*) AS rows, min(time) AS oldest FROM entry GROUP BY spreadsheet, tab ORDER BY oldest',
    )
    return found.map(({ spreadsheet, tab, rows, oldest }) => ({
      spreadsheet: String(spreadsheet),
      tab: String(tab),
      rows: Number(rows),
      oldest: String(oldest),
    }))
  }

  async due({ spreadsheet, tab }: Target, until: string, most: number): Promise<Entry[]> {
    const found = this.#file.all(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND time <= ? ORDER BY time, id LIMIT ?',
      ...[spreadsheet, this.#titleOf(spreadsheet, tab), until, most],
    )
    return found.map(({ entry }) => JSON.parse(String(entry)))
  }

  async move(from: Target, to: Target, ids: string[]): Promise<string[]> {
    return this.#file.transaction(() => {
      const there = { ...to, tab: this.#titleOf(to.spreadsheet, to.tab) }
      return ids.filter((id) => !this.#moved(from, there, id))
    })
  }

  /** False where it has a row and stays. */
  #moved({ spreadsheet, tab }: Target, to: Target, id: string): boolean {
    const found = this.#file.get(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND id = ?',
      ...[spreadsheet, tab, id],
    )
    if (!found) return true
    if (this.#file.get(recorded, spreadsheet, tab, id)) return false
    this.#file.run(remove, spreadsheet, id)
    const entry = JSON.parse(String(found.entry)) as Entry
    if (!this.#isKnown(to, entry)) this.#put(to, entry)
    return true
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    this.#file.transaction(() => {
      for (const id of ids) this.#file.run(remove, spreadsheet, id)
    })
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    const title = this.#titleOf(spreadsheet, tab)
    return new SqliteLedger(this.#file, {
      spreadsheet,
      tab: title,
      owner: this.#owner(spreadsheet),
    })
  }

  #owner(spreadsheet: string): string {
    this.#file.run('INSERT OR IGNORE INTO owner VALUES (?, ?)', spreadsheet, randomUUID())
    const owner = this.#file.get('SELECT id FROM owner WHERE spreadsheet = ?', spreadsheet)
    return String(owner?.id)
  }

  async lease(target: Target, ms: number): Promise<Lease | undefined> {
    const key = keyOf(target)
    const held = this.#leases.get(key)
    if (held && held.until > performance.now()) return undefined
    const lease = { until: performance.now() + ms }
    this.#leases.set(key, lease)
    const holds = () => this.#leases.get(key) === lease && lease.until > performance.now()
    return {
      renew: async () => {
        if (!holds()) return false
        lease.until = performance.now() + ms
        return true
      },
      release: async () => {
        if (holds()) this.#leases.delete(key)
      },
    }
  }

  async take(kind: 'read' | 'write', perMinute: number): Promise<number> {
    return this.#calls[kind].take(perMinute, performance.now())
  }

  problem(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#file.close()
  }
}
