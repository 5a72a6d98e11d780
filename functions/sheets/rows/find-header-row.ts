// Finds the header of a tab wherever people moved it, with few calls.

import type { Tab } from '../google/tab.ts'
import type { Look } from '../google/tab-snapshot.ts'
import {
  columnLetters,
  findHeader,
  findWholeHeader,
  idColumn,
  isHeader,
  ownFields,
} from './columns.ts'
import { columnsIn } from './insertion-point.ts'

/** Most headers have no more rows than this above them. */
const topRows = 100

/** The number of its row; undefined where there is none. `look`: at a row that is not the header. */
export async function seekHeader(tab: Tab, look: Look): Promise<number | undefined> {
  const top = findWholeHeader(await tab.texts(`1:${Math.min(topRows, look.rowCount)}`))
  if (top !== undefined) return top
  const column = columnsIn({ ...look, header: [] }, ownFields).at.get(idColumn)
  // Without our metadata any column may be the one of ids.
  if (column === undefined) return findHeader(await tab.texts())
  const letters = columnLetters(column)
  return findHeader(await tab.texts(`${letters}:${letters}`))
}

/** Without a header its texts are those of a row of answers; but a tab that has no column of ours yet may be a person's. */
export const withoutHeader = (look: Look): Look =>
  look.owned.length > 0 && !isHeader(look.header) ? { ...look, header: [] } : look
