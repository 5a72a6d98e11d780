// The buffer in an SQLite file with one owner: for one instance of the task.
import { randomUUID } from 'node:crypto'
import { keyOf, type Target } from '../../target.ts'
import { Batch } from '../coalesce.ts'
import { type Item, toItems } from '../coalesce-inserts.ts'
import type { Buffer, Entry, Lease, Ledger, Waiting } from '../port.ts'
import { SqliteFile } from './file.ts'
import { CallWindow } from './in-process.ts'
import { ledgerSchema, SqliteLedger } from './ledger.ts'
import { SqliteWaiting, waitingSchema } from './waiting-entries.ts'

const schema =
  'CREATE TABLE IF NOT EXISTS owner (spreadsheet TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;'

export class SqliteBuffer implements Buffer {
  #file: SqliteFile
  #waiting: SqliteWaiting
  #leases = new Map<string, { until: number }>()
  #calls = { read: new CallWindow(), write: new CallWindow() }
  #adds = new Batch<Item, void>({
    wait: 0,
    size: 1000,
    flush: async (items) => this.#insert(items),
  })

  constructor(file: string) {
    this.#file = new SqliteFile(file, schema + waitingSchema + ledgerSchema)
    this.#waiting = new SqliteWaiting(this.#file)
  }

  async add(spreadsheet: string, entries: Entry[]): Promise<void> {
    const items = toItems(spreadsheet, entries)
    await Promise.all(items.map((item) => this.#adds.add(item)))
  }

  #insert(items: Item[]): ReadonlyMap<string, void> {
    this.#waiting.add(items)
    return new Map()
  }

  async waiting(): Promise<Waiting[]> {
    return this.#waiting.all()
  }

  async due(target: Target, until: string, most: number): Promise<Entry[]> {
    return this.#waiting.due(target, until, most)
  }

  async move(from: Target, to: Target, ids: string[]): Promise<string[]> {
    return this.#waiting.move(from, to, ids)
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    this.#waiting.remove(spreadsheet, ids)
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    const title = this.#waiting.titleOf(spreadsheet, tab)
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
