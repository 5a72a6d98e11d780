// An `npm start` with a form that pages of one other site may send, and the rows that it stores.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRows } from '../../scripts/load/sheet.ts'
import { type Running, startInstance } from '../instance.ts'
import { until } from '../until.ts'

type Row = Record<string, string>

export interface Survey {
  /** The endpoint. */
  url: string
  /** Waits for a row with this name: all rows with it. */
  rowsOf: (name: string) => Promise<Row[]>
  /** The names of all rows, after a last submission has become a row, too. */
  allNames: () => Promise<string[]>
  /** How many preflights the endpoint has answered. */
  preflights: () => Promise<number>
  close: () => Promise<void>
}

const file = (origins: string[], tab: string) => `title: Survey
origins: ${JSON.stringify(origins)}
fields:
  name: { type: text, label: Name }
  lines: { type: multiline, label: Lines, required: false }
  some: { type: multi-choice, label: Some, options: [a, b, c], required: false }
  box: { type: boolean, label: Box, required: false }
tasks:
  sheets: { spreadsheet: survey, tab: ${tab} }
`

/** Starts with the forms `survey` and `closed`, for the given origins, and `own`, for none. */
export async function openSurvey(origins: string[]): Promise<Survey> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-posts-'))
  const forms = join(folder, 'forms')
  await mkdir(forms)
  await writeFile(join(forms, 'survey.yaml'), file(origins, 'Responses'))
  await writeFile(join(forms, 'own.yaml'), file([], 'Own'))
  const closed = `${file(origins, 'Closed')}protect: { closes: 2026-01-01T00:00:00Z }\n`
  await writeFile(join(forms, 'closed.yaml'), closed)
  const instance = await startInstance(join(folder, 'data'), { FORMS_DIR: forms })
  const rows = (): Promise<Row[]> => readRows(instance.sheets as string, 'survey', 'Responses')
  const rowsOf = (name: string): Promise<Row[]> =>
    until(async () => {
      const found = (await rows()).filter((row) => row.name === name)
      return found.length > 0 && found
    })
  return {
    url: instance.endpoint,
    rowsOf,
    async allNames() {
      await submitLast(instance)
      await rowsOf('last')
      return (await rows()).map(({ name = '' }) => name)
    },
    preflights: () => preflightsOf(instance),
    async close() {
      await instance.stop()
      await rm(folder, { recursive: true })
    },
  }
}

async function submitLast({ endpoint }: Running): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'last' })
  await fetch(`${endpoint}/forms/survey`, { method: 'POST', headers, body })
}

/** Nothing else is answered with 204. */
async function preflightsOf({ endpoint }: Running): Promise<number> {
  const metrics = await (await fetch(`${endpoint}/metrics`)).text()
  return Number(/^formstream_answers_total{status="204"} (\d+)/m.exec(metrics)?.[1] ?? 0)
}
