// The ledger of one tab in the SQLite file.
import { RetryLater } from '#kit/errors.ts'
import type { Ledger, LedgerRow, LedgerState, Order, RowBatch } from '../port.ts'
import type { SqliteFile } from './file.ts'
import { firstRow, LedgerTables } from './ledger-tables.ts'

export class SqliteLedger implements Ledger {
  readonly owner: string
  /** Committed data is never lost. */
  readonly suspect = false
  #tables: LedgerTables

  constructor(
    file: SqliteFile,
    { spreadsheet, tab, owner }: { spreadsheet: string; tab: string; owner: string },
  ) {
    this.owner = owner
    this.#tables = new LedgerTables(file, spreadsheet, tab)
  }

  async read(ids: string[]): Promise<LedgerState> {
    const part = this.#tables.lastPart()
    const rows = ids.flatMap((id): [string, LedgerRow][] => {
      const row = this.#tables.row(id)
      return row && row.row > 0 ? [[id, row]] : []
    })
    return {
      ...this.#tables.batch(),
      part,
      next: this.#tables.nextRow(part),
      last: this.#tables.last(),
      rows: new Map(rows),
    }
  }

  async begin(batch: RowBatch, since: { version: number; last: Order }): Promise<void> {
    const tables = this.#tables
    tables.transaction(() => {
      const { version, batch: open } = tables.batch()
      if (open || version !== since.version)
        throw new RetryLater('Another batch of rows was written meanwhile; the tab is read again')
      for (const id of batch.ids) tables.reserveRow(id, batch.part)
      tables.setBatch(version, batch)
      tables.setNextRow(batch.part, tables.nextRow(batch.part))
      tables.setLast(since.last)
    })
  }

  async end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void> {
    const tables = this.#tables
    tables.transaction(() => {
      const { version, batch: open } = tables.batch()
      if (open?.id !== batch.id) return
      for (const id of batch.ids) {
        const row = rows.get(id)
        if (row) tables.setRow(id, { part: batch.part, row })
        else tables.releaseRow(id)
      }
      if (rows.size > 0) tables.setNextRow(batch.part, Math.max(...rows.values()) + 1)
      else tables.setLast(batch.before)
      tables.setBatch(version + 1, undefined)
    })
  }

  async relocate(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#tables.transaction(() => {
      for (const [id, row] of rows) this.#tables.setRow(id, { part, row })
    })
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#tables.transaction(() => {
      this.#tables.removeRows(part)
      this.#takeOver(part, rows)
      // Without any row left, no new row can be late.
      if (!this.#tables.hasRows()) this.#tables.removeLast()
    })
  }

  async trust(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    this.#tables.transaction(() => this.#takeOver(part, rows))
  }

  #takeOver(part: number, rows: ReadonlyMap<string, number>): void {
    let next = firstRow
    for (const [id, row] of rows) {
      this.#tables.setRow(id, { part, row })
      next = Math.max(next, row + 1)
    }
    this.#tables.setNextRow(part, next)
  }

  async lastPart(): Promise<number> {
    return this.#tables.lastPart()
  }
}
