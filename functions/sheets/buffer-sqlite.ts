// The buffer in an SQLite file with one owner: for one instance of the task.
import { randomUUID } from 'node:crypto'
import { Batch } from './batch.ts'
import type { Buffer, Entry, Lease, Ledger, Waiting } from './buffer.ts'
import { type Item, toItems } from './buffer-item.ts'
import { SqliteFile } from './buffer-sqlite-file.ts'
import { ledgerSchema, SqliteLedger } from './buffer-sqlite-ledger.ts'
import { CallWindow } from './buffer-window.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS owner (spreadsheet TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (
    spreadsheet TEXT, id TEXT, time TEXT, entry TEXT, PRIMARY KEY (spreadsheet, id)
  );
  CREATE INDEX IF NOT EXISTS entry_order ON entry (spreadsheet, time, id);
`

const recorded = 'SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?'
const insert = 'INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?)'

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
  }

  async add(spreadsheet: string, entries: Entry[]): Promise<void> {
    const items = toItems(spreadsheet, entries)
    await Promise.all(items.map((item) => this.#adds.add(item)))
  }

  #insert(items: Item[]): ReadonlyMap<string, void> {
    return this.#file.transaction(() => {
      for (const { spreadsheet, entry } of items) {
        const { id, time, tab } = entry
        if (!entry.again && this.#file.get(recorded, spreadsheet, tab, id)) continue
        this.#file.run(insert, spreadsheet, id, time, JSON.stringify(entry))
      }
      return new Map()
    })
  }

  async waiting(): Promise<Waiting[]> {
    const found = this.#file.all(
      'SELECT spreadsheet, count(*) AS rows, min(time) AS oldest FROM entry GROUP BY spreadsheet ORDER BY oldest',
    )
    return found.map(({ spreadsheet, rows, oldest }) => ({
      spreadsheet: String(spreadsheet),
      rows: Number(rows),
      oldest: String(oldest),
    }))
  }

  async due(spreadsheet: string, until: string, most: number): Promise<Entry[]> {
    const found = this.#file.all(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND time <= ? ORDER BY time, id LIMIT ?',
      ...[spreadsheet, until, most],
    )
    return found.map(({ entry }) => JSON.parse(String(entry)))
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    this.#file.transaction(() => {
      for (const id of ids)
        this.#file.run('DELETE FROM entry WHERE spreadsheet = ? AND id = ?', spreadsheet, id)
    })
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    return new SqliteLedger(this.#file, { spreadsheet, tab, owner: this.#owner(spreadsheet) })
  }

  #owner(spreadsheet: string): string {
    this.#file.run('INSERT OR IGNORE INTO owner VALUES (?, ?)', spreadsheet, randomUUID())
    const owner = this.#file.get('SELECT id FROM owner WHERE spreadsheet = ?', spreadsheet)
    return String(owner?.id)
  }

  async lease(spreadsheet: string, ms: number): Promise<Lease | undefined> {
    const held = this.#leases.get(spreadsheet)
    if (held && held.until > performance.now()) return undefined
    const lease = { until: performance.now() + ms }
    this.#leases.set(spreadsheet, lease)
    const holds = () => this.#leases.get(spreadsheet) === lease && lease.until > performance.now()
    return {
      renew: async () => {
        if (!holds()) return false
        lease.until = performance.now() + ms
        return true
      },
      release: async () => {
        if (holds()) this.#leases.delete(spreadsheet)
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
