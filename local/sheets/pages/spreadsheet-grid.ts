// The page of a spreadsheet: a grid with the header and the newest rows, and the tabs below.

import { type Html, html } from '#kit/html.ts'
import { count, layout } from '../../pages/layout.ts'
import { columnName } from '../api/a1.ts'
import { type Cell, displayText, plainValue } from '../store/cell-values.ts'
import type { StoredRow } from '../store/cells.ts'
import type { Spreadsheet } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { linkTo, liveRows, logo } from './page-parts.ts'
import { countRows } from './spreadsheet-list.ts'

// Limits keep the page small: it is sent again on each change.
const max = { rows: 200, emptyRows: 5, columns: 60, characters: 300 }
const min = { rows: 24, columns: 8 }

export function renderSpreadsheet({ store, id }: Spreadsheet, wanted: string | undefined) {
  const title = store.tabs.titleOf(id)
  if (title === undefined) return undefined
  const tabs = store.tabs.all(id)
  // Defaults to the first tab that is not empty: the very first is often the empty one of a new spreadsheet.
  const byDefault = () => tabs.find((tab) => countRows(store.cells, tab) > 0) ?? tabs[0]!
  const tab = (wanted && store.tabs.byTitle(id, wanted)) || byDefault()
  return layout(
    `${tab.title} · ${title}`,
    `/changes?spreadsheet=${encodeURIComponent(id)}`,
    html`<header class="bar"><a href="/" title="All spreadsheets">${logo}</a><div><h1>${title}</h1>
<p id="summary" data-live>${summary({ store, id }, tab)}</p></div>${liveRows}</header>
<main class="sheet" id="sheet" data-live tabindex="0">${grid({ store, id }, tab)}</main>
<nav class="tabs" id="tabs" data-live>${tabs.map((item) => tabLink(id, item, item.key === tab.key))}</nav>`,
  )
}

function summary({ store }: Spreadsheet, tab: Tab): string {
  const rows = countRows(store.cells, tab)
  const size = `grid of ${tab.rowCount.toLocaleString('en')} × ${tab.columnCount}`
  if (rows === 0) return `No rows yet: they appear here as they are written · ${size}`
  const newest = rows > max.rows ? ` · the newest ${max.rows} shown` : ''
  return `${count(rows, 'row')}${newest} · ${size}`
}

function tabLink(id: string, { title }: Tab, current: boolean): Html {
  const mark = current ? html` aria-current="page"` : undefined
  return html`<a class="tab" href="${linkTo(id, title)}"${mark}>${title}</a>`
}

function grid({ store }: Spreadsheet, tab: Tab): Html {
  const header = store.cells.read(tab.key, { top: 0, left: 0, bottom: 1, right: tab.columnCount })
  const rows = store.cells.newest(tab.key, max.rows)
  const widest = Math.max(...[...header, ...rows].map(({ cells }) => cells.length), 0)
  const width = Math.min(Math.max(widest, min.columns), max.columns, tab.columnCount)
  const letters = Array.from(
    { length: width },
    (_, n) => html`<th scope="col">${columnName(n)}</th>`,
  )
  const headerRow = header[0] ?? { number: 0, cells: [] }
  return html`<table><thead><tr><th class="corner"></th>${letters}</tr>${row(headerRow, width)}</thead>
<tbody>${body(rows, width, tab)}</tbody></table>`
}

function body(stored: StoredRow[], width: number, tab: Tab): Html[] {
  const rows: Html[] = []
  let next = 1
  const fillUpTo = (end: number) => {
    for (; next < end; next += 1) rows.push(row({ number: next, cells: [] }, width))
  }
  for (const [n, one] of stored.entries()) {
    const older = n === 0 && stored.length === max.rows
    if (one.number - next > (older ? 0 : max.emptyRows)) {
      rows.push(gap(next, one.number, { width, what: older ? 'not shown' : 'empty' }))
      next = one.number
    }
    fillUpTo(one.number)
    rows.push(row(one, width))
    next = one.number + 1
  }
  fillUpTo(Math.min(Math.max(next + 3, min.rows), tab.rowCount))
  return rows
}

const row = ({ number, cells }: StoredRow, width: number): Html =>
  html`<tr class="row"${cells.length ? html` data-row="${number}"` : undefined}><th scope="row">${number + 1}</th>${Array.from(
    { length: width },
    (_, column) => cell(cells[column] ?? null),
  )}</tr>`

/** One line in place of several rows that are empty, or too old to be shown. */
function gap(start: number, end: number, { width, what }: { width: number; what: string }): Html {
  const rows = end - start === 1 ? `row ${end}` : `rows ${start + 1} to ${end}`
  return html`<tr class="gap"><th>⋮</th><td colspan="${width}">${rows} ${what}</td></tr>`
}

function cell(value: Cell | null): Html {
  if (value === null) return html`<td></td>`
  const text = displayText(value)
  const short = text.length > max.characters ? `${text.slice(0, max.characters)}…` : text
  const hint = short.length > 40 ? html` title="${short}"` : undefined
  const type = typeof plainValue(value)
  const kind = type === 'string' ? undefined : html` class="${type}"`
  return html`<td${kind}${hint}>${short}</td>`
}
