// Finds the header row of a tab wherever people moved it, with few calls.
import { columnLetters } from '../google/a1.ts'
import type { Tab } from '../google/tab.ts'
import type { TabSnapshot } from '../google/tab-snapshot.ts'
import { findCompleteHeader, findHeader, indexOfIds, isHeader } from './columns.ts'

/** Rows to search first: people rarely put more above a header. */
const topRows = 100

/** Number of the header row; undefined if there is none. `snapshot`: taken at a row that is not the header. */
export async function findHeaderRow(tab: Tab, snapshot: TabSnapshot): Promise<number | undefined> {
  const top = findCompleteHeader(await tab.texts(`1:${Math.min(topRows, snapshot.rowCount)}`))
  if (top !== undefined) return top
  const ids = indexOfIds({ ...snapshot, header: [] })
  // Without metadata, any column may be the one of the ids.
  if (ids === -1) return findHeader(await tab.texts())
  const letters = columnLetters(ids)
  return findHeader(await tab.texts(`${letters}:${letters}`))
}

/**
 * For a tab whose header people removed: the texts read as its header are those of a row, so they are dropped. A tab without marked
 * columns is left alone, as it may be a person's own.
 */
export const withoutHeader = (snapshot: TabSnapshot): TabSnapshot =>
  snapshot.markedColumns.length > 0 && !isHeader(snapshot.header)
    ? { ...snapshot, header: [] }
    : snapshot
