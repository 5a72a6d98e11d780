// Where the rows of a form stand: a tab of a spreadsheet, and the tabs that it rotated to.
import * as z from 'zod'
import type { Form } from '#kit/forms/form.ts'
import { connectSheets } from '../google/client.ts'
import { Tab, titlesOf } from '../google/tab.ts'
import { isSameTitle } from '../target.ts'
import type { TimeOptions } from './date-cells.ts'

/** What a form's file says under `tasks.sheets`. */
export interface Place {
  spreadsheet: string
  /** The title of the first tab. */
  tab: string
}

export interface SheetOptions extends Place, TimeOptions {}

const Options = z.object({
  spreadsheet: z.string(),
  tab: z.string(),
  dates: z.enum(['text', 'real']),
  timezone: z.string().optional(),
})

export const placeOf = ({ id, tasks }: Form): SheetOptions =>
  Options.parse(tasks.sheets, {
    error: () => `Expected the form ${id} to list the task sheets`,
  })

export type Api = ReturnType<typeof connectSheets>

/** `emulator`: its address; without it Google's own Sheets. */
export const connect = (emulator: string | undefined): Api =>
  connectSheets({ rootUrl: emulator && `${emulator}/` })

/** The tabs that are there, the first one first. */
export async function tabsOf(api: Api, { spreadsheet, tab }: Place): Promise<Tab[]> {
  const titles = seriesOf(tab, await titlesOf(api, spreadsheet))
  return titles.map((title) => new Tab(api, spreadsheet, title))
}

/** `Responses`, `Responses 2`, `Responses 3`…: those of the titles that are there. */
export const seriesOf = (first: string, titles: string[]): string[] =>
  titles
    .filter((title) => isOfSeries(first, title))
    .toSorted((a, b) => partOf(first, a) - partOf(first, b))

export const isOfSeries = (first: string, title: string): boolean => partOf(first, title) > 0

/** Google compares titles without case. */
function partOf(first: string, title: string): number {
  if (isSameTitle(title, first)) return 1
  if (!isSameTitle(title.slice(0, first.length + 1), `${first} `)) return 0
  const number = title.slice(first.length + 1)
  return /^([2-9]|[1-9]\d+)$/.test(number) ? Number(number) : 0
}
