// Simulates a person who edits a sheet while rows are written to it. Each edit is one transaction on the emulator's file, so it sees
// the state that it changes, as in an editor. Answers are moved and sorted, never changed; the person's own cells have known texts.

import { metadataKeys } from '../../functions/sheets/google/tab-snapshot.ts'
import { batchUpdate } from '../../local/sheets/api/batch-update.ts'
import { GoogleError } from '../../local/sheets/api/google-error.ts'
import type { Box } from '../../local/sheets/store/box.ts'
import type { StoredRow } from '../../local/sheets/store/cells.ts'
import {
  openSpreadsheet,
  openStore,
  type Spreadsheet,
} from '../../local/sheets/store/open-store.ts'
import type { Tab } from '../../local/sheets/store/tabs.ts'
import type { Random } from './random.ts'

/** Content of a tab. */
interface View {
  book: Spreadsheet
  tab: Tab
  lines: StoredRow[]
  merges: Box[]
  /** Columns that the product writes. */
  theirs: Set<number>
  /** Last row with content, zero-based. */
  last: number
  /** Number of columns up to the last one with content. */
  width: number
}

type Edit = (person: Person, view: View) => object[] | undefined

export class Person {
  readonly random: Random
  /** Texts of the person's own cells. Each must be in the sheet once. */
  readonly own = new Set<string>()
  /** Number of edits by kind. */
  readonly done: Record<string, number> = {}
  #store: ReturnType<typeof openStore>
  #spreadsheet: string
  #texts = 0

  constructor(file: string, spreadsheet: string, random: Random) {
    this.#store = openStore(file)
    this.#spreadsheet = spreadsheet
    this.random = random
  }

  close(): void {
    this.#store.close()
  }

  /** Does an edit of a random kind in a random tab that the product writes, if there is one. */
  edit(): void {
    const kind = this.random.pick(Object.keys(edits))
    const before = new Set(this.own)
    try {
      const happened = this.#store.transaction(() => this.#edit(edits[kind] as Edit))
      if (happened) this.done[kind] = (this.done[kind] ?? 0) + 1
    } catch (error) {
      // Google refuses some edits, such as sorting merged cells.
      if (!(error instanceof GoogleError)) throw error
      this.own.clear()
      for (const text of before) this.own.add(text)
      this.done.refused = (this.done.refused ?? 0) + 1
    }
  }

  #edit(edit: Edit): boolean {
    const book = openSpreadsheet(this.#store, this.#spreadsheet)
    const tabs = this.#store.tabs.all(this.#spreadsheet).filter(({ title }) => /^R/.test(title))
    if (tabs.length === 0) return false
    const requests = edit(this, viewOf(book, this.random.pick(tabs)))
    if (!requests) return false
    batchUpdate(book, { requests })
    return true
  }

  /** For each tab of the product: all cells, and the column of each field. */
  read(): { title: string; lines: StoredRow[]; columns: Map<string, number> }[] {
    const book = openSpreadsheet(this.#store, this.#spreadsheet)
    return this.#store.tabs
      .all(this.#spreadsheet)
      .filter(({ title }) => /^R/.test(title))
      .map((tab) => ({
        title: tab.title,
        lines: viewOf(book, tab).lines,
        columns: columnsOf(book, tab),
      }))
  }

  text(): string {
    const text = `mine ${this.#texts++}`
    this.own.add(text)
    return text
  }
}

const everything = { top: 0, left: 0, bottom: 2 ** 31, right: 2 ** 31 }

function viewOf(book: Spreadsheet, tab: Tab): View {
  const lines = book.store.cells.read(tab.key, everything)
  return {
    book,
    tab,
    lines,
    merges: book.store.merges.ofTab(tab.key),
    theirs: new Set(columnsOf(book, tab).values()),
    last: lines.at(-1)?.number ?? -1,
    width: lines.reduce((most, { cells }) => Math.max(most, cells.length), 0),
  }
}

function columnsOf({ store, id }: Spreadsheet, { sheetId }: Tab): Map<string, number> {
  const own = store.metadata
    .ofTab(id, sheetId)
    .filter((one) => one.metadataKey === metadataKeys.column)
  return new Map(
    own.map(({ metadataValue, position }) => [String(metadataValue), position as number]),
  )
}

const span = ({ tab }: View, dimension: 'ROWS' | 'COLUMNS', start: number, length = 1) => ({
  sheetId: tab.sheetId,
  dimension,
  startIndex: start,
  endIndex: start + length,
})
const range = ({ tab }: View, { top, left, bottom, right }: Box) => ({
  sheetId: tab.sheetId,
  startRowIndex: top,
  endRowIndex: bottom,
  startColumnIndex: left,
  endColumnIndex: right,
})
const cell = ({ tab }: View, at: { row: number; column: number }, text: string) => ({
  updateCells: {
    start: { sheetId: tab.sheetId, rowIndex: at.row, columnIndex: at.column },
    fields: 'userEnteredValue',
    rows: [{ values: [text === '' ? {} : { userEnteredValue: { stringValue: text } }] }],
  },
})
const cellAt = ({ lines }: View, row: number, column: number) =>
  lines.find(({ number }) => number === row)?.cells[column] ?? null
const isMerged = ({ merges }: View, row: number, column: number) =>
  merges.some(
    (box) => row >= box.top && row < box.bottom && column >= box.left && column < box.right,
  )
const isFree = (view: View, row: number, column: number) =>
  cellAt(view, row, column) === null && !isMerged(view, row, column)
const isOwn = (person: Person) => (value: unknown) =>
  value === null || person.own.has(String(value))

const note = (person: Person, view: View, row: number, column: number): object[] | undefined => {
  const { rowCount, columnCount } = view.tab
  if (row >= rowCount || column >= columnCount || !isFree(view, row, column)) return undefined
  return [cell(view, { row, column }, person.text())]
}

const edits: Record<string, Edit> = {
  insertRows(person, view) {
    const { random } = person
    const at = random.oneIn(4) ? 0 : random.below(view.last + 2)
    const count = 1 + random.below(3)
    const inserted = [{ insertDimension: { range: span(view, 'ROWS', at, count) } }]
    const within = view.merges.some(({ top, bottom }) => at > top && at < bottom)
    if (within || random.oneIn(3)) return inserted
    const column = random.below(view.width + 2)
    return [...inserted, cell(view, { row: at, column }, person.text())]
  },

  deleteOwnRow(person, view) {
    const own = view.lines.filter(({ cells }) => cells.every(isOwn(person)))
    const merged = (row: number) =>
      view.merges.some(({ top, bottom }) => row >= top && row < bottom)
    const free = own.filter(({ number }) => !merged(number))
    if (free.length === 0) return undefined
    const { number, cells } = person.random.pick(free)
    for (const text of cells) person.own.delete(String(text))
    return [{ deleteDimension: { range: span(view, 'ROWS', number) } }]
  },

  deleteBlankRow(person, view) {
    const used = new Set(view.lines.map(({ number }) => number))
    const blank = Array.from({ length: view.last + 1 }, (_, row) => row).filter(
      (row) => !used.has(row),
    )
    if (blank.length === 0) return undefined
    return [{ deleteDimension: { range: span(view, 'ROWS', person.random.pick(blank)) } }]
  },

  insertColumn(person, view) {
    if (view.width > 40) return undefined
    const at = person.random.below(view.width + 1)
    const within = view.merges.some(({ left, right }) => at > left && at < right)
    const inserted = [{ insertDimension: { range: span(view, 'COLUMNS', at) } }]
    const row = person.random.below(view.last + 2)
    return within ? inserted : [...inserted, cell(view, { row, column: at }, person.text())]
  },

  deleteOwnColumn(person, view) {
    const columns = Array.from({ length: view.width }, (_, column) => column).filter(
      (column) =>
        !view.theirs.has(column) &&
        view.lines.every(({ cells }) => isOwn(person)(cells[column] ?? null)) &&
        !view.merges.some(({ left, right }) => column >= left && column < right),
    )
    if (columns.length === 0 || view.tab.columnCount < 3) return undefined
    const column = person.random.pick(columns)
    for (const { cells } of view.lines) person.own.delete(String(cells[column]))
    return [{ deleteDimension: { range: span(view, 'COLUMNS', column) } }]
  },

  moveColumn(person, view) {
    const { random } = person
    const source = span(view, 'COLUMNS', random.below(view.width || 1))
    return [{ moveDimension: { source, destinationIndex: random.below(view.width + 2) } }]
  },

  moveRows(person, view) {
    const { random } = person
    if (view.last < 3) return undefined
    const source = span(view, 'ROWS', random.below(view.last - 1), 1 + random.below(2))
    return [{ moveDimension: { source, destinationIndex: random.below(view.last + 2) } }]
  },

  /** Sorts rows; one time in eight with the header among them. */
  sort(person, view) {
    const { random } = person
    const box = {
      top: random.oneIn(8) ? 0 : 1 + random.below(6),
      left: 0,
      bottom: view.last + 1,
      right: view.tab.columnCount,
    }
    if (box.bottom - box.top < 2) return undefined
    const sortOrder = random.oneIn(2) ? 'ASCENDING' : 'DESCENDING'
    const dimensionIndex = random.below(view.width)
    return [{ sortRange: { range: range(view, box), sortSpecs: [{ dimensionIndex, sortOrder }] } }]
  },

  /** Cuts a row and pastes it below all rows. */
  cutAndPasteRow(person, view) {
    if (view.lines.length < 3) return undefined
    const { number } = person.random.pick(view.lines)
    const target = view.last + 1 + person.random.below(3)
    if (target >= view.tab.rowCount) return undefined
    const box = { top: number, left: 0, bottom: number + 1, right: view.tab.columnCount }
    const destination = { sheetId: view.tab.sheetId, rowIndex: target, columnIndex: 0 }
    return [{ cutPaste: { source: range(view, box), destination, pasteType: 'PASTE_NORMAL' } }]
  },

  noteAtTheRight: (person, view) =>
    note(
      person,
      view,
      person.random.below(view.last + 2),
      Math.max(-1, ...view.theirs) + 1 + person.random.below(4),
    ),

  noteBelow: (person, view) =>
    note(person, view, view.last + 1 + person.random.below(3), person.random.below(view.width + 2)),

  /** Merges a cell of the person with free ones right of it and below it. */
  merge(person, view) {
    const { random } = person
    if (view.merges.length > 3) return undefined
    const cellsOfPerson = view.lines.flatMap(({ number, cells }) =>
      cells.flatMap((text, column) =>
        text !== null && person.own.has(String(text)) && !isMerged(view, number, column)
          ? [{ number, column }]
          : [],
      ),
    )
    if (cellsOfPerson.length === 0) return undefined
    const { number: top, column: left } = random.pick(cellsOfPerson)
    const box = { top, left, bottom: top + 1 + random.below(3), right: left + 1 + random.below(3) }
    const { rowCount, columnCount } = view.tab
    if (box.bottom > rowCount || box.right > columnCount) return undefined
    for (let row = top; row < box.bottom; row++) {
      for (let column = left; column < box.right; column++) {
        if ((row !== top || column !== left) && !isFree(view, row, column)) return undefined
      }
    }
    return [{ mergeCells: { range: range(view, box), mergeType: 'MERGE_ALL' } }]
  },

  unmerge(person, view) {
    if (view.merges.length === 0) return undefined
    return [{ unmergeCells: { range: range(view, person.random.pick(view.merges)) } }]
  },

  renameHeader(person, view) {
    const at = headerCell(person, view)
    if (!at) return undefined
    person.own.delete(String(cellAt(view, at.row, at.column)))
    return [cell(view, at, person.text())]
  },

  clearHeader(person, view) {
    const at = person.random.oneIn(3) ? headerCell(person, view) : undefined
    return at && [cell(view, at, '')]
  },
}

const titles = ['id', 'submitted at', 'text', 'number', 'more']

/** Position of a random header that the product wrote. */
function headerCell(person: Person, { lines, theirs }: View) {
  const found = lines.flatMap(({ number, cells }) =>
    cells.flatMap((text, column) =>
      theirs.has(column) && titles.includes(String(text)) ? [{ row: number, column }] : [],
    ),
  )
  return found.length === 0 ? undefined : person.random.pick(found)
}
