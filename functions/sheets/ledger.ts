// The port to the row ledger: which row of which tab a submission has. Decided once, durably, before the row is written.

export interface Allocation {
  id: string
  row: number
  /** Decided by this call: the row cannot have been written yet. */
  fresh: boolean
}

export interface Ledger {
  /** Stamped on each tab that this ledger numbers. */
  readonly id: string
  /** The rows of the ids; the new ones follow the last, in the given order. */
  allocate(tab: string, ids: string[]): Promise<Allocation[]>
  /** Gives the ids new rows, below `lastUsed` and below all that were given before. */
  reallocate(tab: string, ids: string[], lastUsed: number): Promise<Allocation[]>
  /** People moved rows: notes where they stand. */
  place(tab: string, rows: ReadonlyMap<string, number>): Promise<void>
  /** Forgets the tab and takes over what stands in it. */
  rebuild(tab: string, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void>
  close(): Promise<void>
}
