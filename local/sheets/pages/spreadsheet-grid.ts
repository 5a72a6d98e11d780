// One spreadsheet as a grid: the header, the newest rows, and the tabs below.
import { columnName } from '../api/a1.ts'
import { formatted } from '../api/values.ts'
import type { Cell, Line } from '../store/cells.ts'
import { plain } from '../store/number-format.ts'
import type { Book } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { count, type Html, html, layout, linkTo, live, logo } from './html.ts'
import { answers } from './spreadsheet-list.ts'

// A page for a person, not an export: what one can take in, and small enough to send anew on each change.
const shown = { rows: 200, emptyRows: 5, columns: 60, characters: 300 }
const atLeast = { rows: 24, columns: 8 }

export function renderSpreadsheet({ store, id }: Book, wanted: string | undefined) {
  const title = store.tabs.titleOf(id)
  if (title === undefined) return undefined
  const tabs = store.tabs.all(id)
  // Unasked, the tab that has something to show: the first is often the empty one it came with.
  const byDefault = () => tabs.find((tab) => answers(store.cells, tab) > 0) ?? tabs[0]!
  const tab = (wanted && store.tabs.byTitle(id, wanted)) || byDefault()
  return layout(
    `${tab.title} · ${title}`,
    `/changes?spreadsheet=${encodeURIComponent(id)}`,
    html`<header class="bar"><a href="/" title="All spreadsheets">${logo}</a><div><h1>${title}</h1>
<p id="summary" data-live>${summary({ store, id }, tab)}</p></div>${live}</header>
<main class="sheet" id="sheet" data-live tabindex="0">${grid({ store, id }, tab)}</main>
<nav class="tabs" id="tabs" data-live>${tabs.map((item) => tabLink(id, item, item.key === tab.key))}</nav>`,
  )
}

function summary({ store }: Book, tab: Tab): string {
  const rows = answers(store.cells, tab)
  const size = `grid of ${tab.rowCount.toLocaleString('en')} × ${tab.columnCount}`
  if (rows === 0) return `No rows yet: they appear here as they are written · ${size}`
  const newest = rows > shown.rows ? ` · the newest ${shown.rows} shown` : ''
  return `${count(rows, 'row')}${newest} · ${size}`
}

function tabLink(id: string, { title }: Tab, current: boolean): Html {
  const mark = current ? html` aria-current="page"` : undefined
  return html`<a class="tab" href="${linkTo(id, title)}"${mark}>${title}</a>`
}

function grid({ store }: Book, tab: Tab): Html {
  const header = store.cells.read(tab.key, { top: 0, left: 0, bottom: 1, right: tab.columnCount })
  const lines = store.cells.newest(tab.key, shown.rows)
  const widest = Math.max(...[...header, ...lines].map(({ cells }) => cells.length), 0)
  const width = Math.min(Math.max(widest, atLeast.columns), shown.columns, tab.columnCount)
  const letters = Array.from(
    { length: width },
    (_, n) => html`<th scope="col">${columnName(n)}</th>`,
  )
  const headerLine = header[0] ?? { number: 0, cells: [] }
  return html`<table><thead><tr><th class="corner"></th>${letters}</tr>${row(headerLine, width)}</thead>
<tbody>${body(lines, width, tab)}</tbody></table>`
}

function body(lines: Line[], width: number, tab: Tab): Html[] {
  const rows: Html[] = []
  let next = 1
  const fillUpTo = (end: number) => {
    for (; next < end; next += 1) rows.push(row({ number: next, cells: [] }, width))
  }
  for (const [n, line] of lines.entries()) {
    const older = n === 0 && lines.length === shown.rows
    if (line.number - next > (older ? 0 : shown.emptyRows)) {
      rows.push(gap(next, line.number, { width, what: older ? 'not shown' : 'empty' }))
      next = line.number
    }
    fillUpTo(line.number)
    rows.push(row(line, width))
    next = line.number + 1
  }
  fillUpTo(Math.min(Math.max(next + 3, atLeast.rows), tab.rowCount))
  return rows
}

const row = ({ number, cells }: Line, width: number): Html =>
  html`<tr class="row"${cells.length ? html` data-row="${number}"` : undefined}><th scope="row">${number + 1}</th>${Array.from(
    { length: width },
    (_, column) => cell(cells[column] ?? null),
  )}</tr>`

/** Rows that hold nothing, or are older than what is shown. */
function gap(start: number, end: number, { width, what }: { width: number; what: string }): Html {
  const rows = end - start === 1 ? `row ${end}` : `rows ${start + 1} to ${end}`
  return html`<tr class="gap"><th>⋮</th><td colspan="${width}">${rows} ${what}</td></tr>`
}

function cell(value: Cell | null): Html {
  if (value === null) return html`<td></td>`
  const text = formatted(value)
  const short = text.length > shown.characters ? `${text.slice(0, shown.characters)}…` : text
  const hint = short.length > 40 ? html` title="${short}"` : undefined
  const type = typeof plain(value)
  const kind = type === 'string' ? undefined : html` class="${type}"`
  return html`<td${kind}${hint}>${short}</td>`
}
