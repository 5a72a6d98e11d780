// A range as a client names it, found in the spreadsheet and checked against the grid of its tab.
import type { Book } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { type Box, type Corners, columnName, formatRange, parseA1, toBox } from './a1.ts'
import { type GoogleError, invalid } from './google-error.ts'

export type Range = { tab: Tab; box: Box; single: boolean }

export function findRange(book: Book, text: string): Range {
  const { tab, corners } = findTab(book, text)
  const grid = { rows: tab.rowCount, columns: tab.columnCount }
  if (!corners) {
    return { tab, box: { top: 0, left: 0, bottom: grid.rows, right: grid.columns }, single: false }
  }
  const box = toBox(corners, grid)
  if (!fits(tab, box)) throw exceeds(tab, box)
  return { tab, box, single: corners.single }
}

/** Where these rows land. Only a range of one cell may be outgrown by its values. */
export function landing({ tab, box, single }: Range, rows: unknown[][]): Box {
  const { top, left } = box
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const lands = { top, left, bottom: top + rows.length, right: left + width }
  if (!single && (lands.bottom > box.bottom || lands.right > box.right)) {
    const row = lands.bottom > box.bottom
    const beyond = row ? `row [${box.bottom + 1}]` : `column [${columnName(box.right)}]`
    const range = formatRange(tab.title, box)
    throw invalid(`Requested writing within range [${range}], but tried writing to ${beyond}`)
  }
  if (!fits(tab, lands)) throw exceeds(tab, lands)
  return lands
}

function findTab({ store, id }: Book, text: string): { tab: Tab; corners?: Corners } {
  // A bare word is a tab's title before it is cells: a tab may be called A1.
  const named = store.tabs.byTitle(id, text)
  if (named) return { tab: named }
  const a1 = parseA1(text)
  const tab = a1?.title === undefined ? store.tabs.all(id)[0] : store.tabs.byTitle(id, a1.title)
  if (!a1 || !tab) throw invalid(`Unable to parse range: ${text}`)
  return a1.corners ? { tab, corners: a1.corners } : { tab }
}

const fits = (tab: Tab, { top, left, bottom, right }: Box) =>
  top < tab.rowCount && left < tab.columnCount && bottom <= tab.rowCount && right <= tab.columnCount

const exceeds = (tab: Tab, box: Box): GoogleError =>
  invalid(
    `Range (${formatRange(tab.title, box)}) exceeds grid limits. ` +
      `Max rows: ${tab.rowCount}, max columns: ${tab.columnCount}`,
  )
