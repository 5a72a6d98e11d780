// Finds the range that a client names, and checks it against the grid of its tab.
import type { Box } from '../store/box.ts'
import type { Spreadsheet } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { type Corners, columnName, formatRange, parseA1, toBox } from './a1.ts'
import { type GoogleError, invalid } from './google-error.ts'

/** `single`: the range names one cell, which is where writing starts and no bound. */
export type Range = { tab: Tab; box: Box; single: boolean }

export function findRange(spreadsheet: Spreadsheet, text: string): Range {
  const { tab, corners } = findTab(spreadsheet, text)
  const grid = { rows: tab.rowCount, columns: tab.columnCount }
  if (!corners) {
    return { tab, box: { top: 0, left: 0, bottom: grid.rows, right: grid.columns }, single: false }
  }
  const box = toBox(corners, grid)
  if (!fits(tab, box)) throw exceeds(tab, box)
  return { tab, box, single: corners.single }
}

/** The box that these rows fill when they are written to the range. Only a range of one cell may be smaller than its rows. */
export function targetBox({ tab, box, single }: Range, rows: unknown[][]): Box {
  const { top, left } = box
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0)
  const target = { top, left, bottom: top + rows.length, right: left + width }
  if (!single && (target.bottom > box.bottom || target.right > box.right)) {
    const tooLong = target.bottom > box.bottom
    const beyond = tooLong ? `row [${box.bottom + 1}]` : `column [${columnName(box.right)}]`
    const range = formatRange(tab.title, box)
    throw invalid(`Requested writing within range [${range}], but tried writing to ${beyond}`)
  }
  if (!fits(tab, target)) throw exceeds(tab, target)
  return target
}

function findTab({ store, id }: Spreadsheet, text: string): { tab: Tab; corners?: Corners } {
  // Titles come first: a tab may be called A1.
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
