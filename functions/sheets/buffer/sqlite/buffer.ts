// The buffer in an SQLite file, for one instance of the task.
import { randomUUID } from 'node:crypto'
import type { Entry } from '../../row.ts'
import { keyOf, type Target } from '../../target.ts'
import { coalesceInserts } from '../coalesce-inserts.ts'
import type { Lease, Ledger, RowBuffer, WaitingRows } from '../port.ts'
import { SqliteFile } from './file.ts'
import { CallWindow, Leases } from './in-process.ts'
import { SqliteLedger } from './ledger.ts'
import { ledgerSchema } from './ledger-tables.ts'
import { WaitingEntries, waitingSchema } from './waiting-entries.ts'

const ownerSchema =
  'CREATE TABLE IF NOT EXISTS owner (spreadsheet TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;'

export class SqliteBuffer implements RowBuffer {
  #file: SqliteFile
  #entries: WaitingEntries
  #leases = new Leases()
  #calls = { read: new CallWindow(), write: new CallWindow() }
  readonly add = coalesceInserts(async (inserts) => this.#entries.add(inserts))

  constructor(file: string) {
    this.#file = new SqliteFile(file, ownerSchema + waitingSchema + ledgerSchema)
    this.#entries = new WaitingEntries(this.#file)
  }

  async waiting(): Promise<WaitingRows[]> {
    return this.#entries.countByTab()
  }

  async due(target: Target, until: string, max: number): Promise<Entry[]> {
    return this.#entries.due(target, until, max)
  }

  async move(from: Target, to: Target, ids: string[]): Promise<string[]> {
    return this.#entries.move(from, to, ids)
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    this.#entries.remove(spreadsheet, ids)
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    const title = this.#entries.titleOf(spreadsheet, tab)
    return new SqliteLedger(this.#file, {
      spreadsheet,
      tab: title,
      owner: this.#ownerOf(spreadsheet),
    })
  }

  #ownerOf(spreadsheet: string): string {
    this.#file.run('INSERT OR IGNORE INTO owner VALUES (?, ?)', spreadsheet, randomUUID())
    const owner = this.#file.get('SELECT id FROM owner WHERE spreadsheet = ?', spreadsheet)
    return String(owner?.id)
  }

  async lease(target: Target, ms: number): Promise<Lease | undefined> {
    return this.#leases.take(keyOf(target), ms)
  }

  async takeCall(kind: 'read' | 'write', perMinute: number): Promise<number> {
    return this.#calls[kind].take(perMinute, performance.now())
  }

  problem(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#file.close()
  }
}
