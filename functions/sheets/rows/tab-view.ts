// Reads a tab with its header row, wherever people have moved that row.
import { RetryLater } from '#kit/errors.ts'
import { Blocked, isOutsideGrid } from '../google/errors.ts'
import type { Tab } from '../google/tab.ts'
import type { SnapshotRequest, TabSnapshot } from '../google/tab-snapshot.ts'
import { idColumn, indexOfIds, isHeader } from './columns.ts'
import { findHeaderRow, withoutHeader } from './find-header-row.ts'

/** Id of a submission to the number of its row. */
export type RowNumbers = Map<string, number>
export type Spans = NonNullable<SnapshotRequest['spans']>

const maxReads = 4

export class TabView {
  readonly tab: Tab
  /** The last snapshot; undefined if somebody may have changed the tab in a way that matters. */
  latest: TabSnapshot | undefined
  #requireOwned: (snapshot: TabSnapshot) => void
  #headerRow = 1
  /** The whole tab was searched for a header, and there is none. */
  #hasNoHeader = false

  /** `requireOwned` throws if the tab belongs to another ledger. */
  constructor(tab: Tab, requireOwned: (snapshot: TabSnapshot) => void) {
    this.tab = tab
    this.#requireOwned = requireOwned
  }

  forget(): void {
    this.latest = undefined
    this.#headerRow = 1
    this.#hasNoHeader = false
  }

  /** Makes the next `read` search for a header that people may have put back. Returns false if one is known. */
  searchHeaderAgain(): boolean {
    const hadNone = this.#hasNoHeader
    this.#hasNoHeader = false
    return hadNone
  }

  /** Reads stamp, grid, header and the requested rows in one call. `spansOf` is given the number of rows in the grid. */
  async read(spansOf: (rowCount: number) => Spans = () => []): Promise<TabSnapshot> {
    for (let reads = 1; ; reads++) {
      try {
        const { rowCount } = this.latest ?? (await this.#read([]))
        return await this.#read(spansOf(rowCount))
      } catch (error) {
        if (!isOutsideGrid((error as Error).message) || reads === maxReads) throw error
        this.latest = undefined
        this.#headerRow = 1
      }
    }
  }

  async #read(spans: Spans): Promise<TabSnapshot> {
    const snapshot = await this.#request({ spans })
    this.#requireOwned(snapshot)
    const withHeader = await this.#findHeader(snapshot)
    if (withHeader.headerRow !== snapshot.headerRow) return this.#read(spans)
    this.latest = withHeader
    return withHeader
  }

  async #request(request: Omit<SnapshotRequest, 'headerRow'>): Promise<TabSnapshot> {
    const snapshot = await this.tab.read({ ...request, headerRow: this.#headerRow })
    if (!snapshot) throw new RetryLater(`The tab ${this.tab.name} was deleted; it is created again`)
    return snapshot
  }

  /** If the header has moved, returns the snapshot with the number of its new row; the caller then reads again. */
  async #findHeader(snapshot: TabSnapshot): Promise<TabSnapshot> {
    if (isHeader(snapshot.header)) return snapshot
    if (!this.#hasNoHeader) {
      const row = await findHeaderRow(this.tab, snapshot)
      this.#hasNoHeader = row === undefined
      this.#headerRow = row ?? 1
      if (row !== undefined && row !== snapshot.headerRow) return { ...snapshot, headerRow: row }
    }
    return withoutHeader(snapshot)
  }

  /** Reads the ids of the whole tab in one call; throws Blocked if there is no id column. */
  async readIds(known: TabSnapshot): Promise<RowNumbers> {
    const ids = await this.findIds(known)
    if (!ids) throw noIdColumn(this.tab)
    return ids
  }

  /** The same; undefined if there is no id column. */
  async findIds(known: TabSnapshot): Promise<RowNumbers | undefined> {
    const column = indexOfIds(known)
    const read = await this.#request(column === -1 ? {} : { column })
    const snapshot = await this.#findHeader(read)
    // People moved it between the two reads.
    if (indexOfIds(snapshot) !== column || snapshot.headerRow !== read.headerRow)
      return this.findIds(snapshot)
    return column === -1 ? undefined : new Map([...snapshot.column].map(([row, id]) => [id, row]))
  }
}

export const noIdColumn = (tab: Tab): Blocked =>
  new Blocked(
    `Expected the tab ${tab.name} to have a column headed "${idColumn}" with the ids of its rows, found none: write ` +
      `"${idColumn}" above them again, bring the column back from the version history, or name another tab in the form's file`,
  )
