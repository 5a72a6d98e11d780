// The first page: all spreadsheets with their tabs.

import { type Html, html } from '#kit/html.ts'
import { count, layout } from '../../pages/layout.ts'
import type { Store } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { linkTo, liveRows, logo } from './page-parts.ts'

export function renderIndex({ tabs, cells }: Store): string {
  const spreadsheets = tabs.spreadsheets().map((spreadsheet) => ({
    ...spreadsheet,
    tabs: tabs.all(spreadsheet.id).map((tab) => ({ ...tab, rows: countRows(cells, tab) })),
  }))
  const cards = spreadsheets.map(({ id, title, tabs }) => card(id, title, tabs))
  return layout(
    'Sheets emulator',
    '/changes',
    html`<header class="bar">${logo}<div><h1>Spreadsheets</h1>
<p>A stand-in for Google Sheets on this machine: no account needed, kept on disk.</p></div>${liveRows}</header>
<main class="list" id="list" data-live>${cards.length ? cards : empty}</main>`,
  )
}

/** Rows below the header, up to the last one that is not empty. */
export const countRows = (cells: Store['cells'], { key }: Tab): number =>
  Math.max(0, cells.lastRow(key))

type TabWithRows = Tab & { rows: number }

function card(id: string, title: string, tabs: TabWithRows[]): Html {
  const first = (tabs.find(({ rows }) => rows > 0) ?? tabs[0])!
  const links = tabs.map(
    (tab) => html`<li><a class="entry" href="${linkTo(id, tab.title)}"><span>${tab.title}</span>
<small>${tab.rows ? count(tab.rows, 'row') : 'empty'}</small></a></li>`,
  )
  return html`<section class="card"><h2><a href="${linkTo(id, first.title)}">${title}</a></h2>
<ul>${links}</ul></section>`
}

const empty = html`<section class="empty"><h2>No spreadsheet yet</h2>
<p>Submit a form: its spreadsheet appears here with the first row.</p></section>`
