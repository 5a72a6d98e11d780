// `npm run sheets -- reconcile` with a running instance: finds changes of people in a sheet, and writes missing rows again.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connect } from '../../scripts/sheets/form-sheet.ts'
import { type Running, startInstance } from '../instance.ts'

const submissions = 500
const spreadsheet = 'demo'

let dataDir: string
let instance: Running

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'formstream-reconcile-'))
  instance = await startInstance(dataDir)
}, 20_000)
afterAll(async () => {
  await instance.stop()
  await rm(dataDir, { recursive: true })
}, 30_000)

async function submit(n: number): Promise<string> {
  const answer = await fetch(`${instance.endpoint}/forms/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ item1: `first ${n}`, item2: `second ${n}` }),
  })
  return ((await answer.json()) as { id: string }).id
}

const api = () => connect(instance.sheets)

/** All cells of the tab, including the header. Row 1 has the index 0. */
async function read(): Promise<string[][]> {
  const { data } = await api().spreadsheets.values.get({
    spreadsheetId: spreadsheet,
    range: 'Responses',
  })
  return data.values ?? []
}

const put = (rows: Record<string, string[]>) =>
  api().spreadsheets.values.batchUpdate({
    spreadsheetId: spreadsheet,
    requestBody: {
      valueInputOption: 'RAW',
      data: Object.entries(rows).map(([cell, values]) => ({
        range: `Responses!${cell}`,
        values: [values],
      })),
    },
  })

const clear = (first: number, last: number) =>
  api().spreadsheets.values.clear({
    spreadsheetId: spreadsheet,
    range: `Responses!${first}:${last}`,
  })

async function change(requestsOf: (sheetId: number) => object[]): Promise<void> {
  const { data } = await api().spreadsheets.get({ spreadsheetId: spreadsheet })
  const sheet = data.sheets!.find(({ properties }) => properties!.title === 'Responses')!
  const requests = requestsOf(sheet.properties!.sheetId!)
  await api().spreadsheets.batchUpdate({ spreadsheetId: spreadsheet, requestBody: { requests } })
}

/** Deletes rows, so that those below shift up. */
const remove = (first: number, last: number) =>
  change((sheetId) => [
    {
      deleteDimension: {
        range: { sheetId, dimension: 'ROWS', startIndex: first - 1, endIndex: last },
      },
    },
  ])

async function reconcile(...args: string[]): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, ['scripts/sheets.ts', 'reconcile', 'demo', ...args], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (piece) => {
    text += piece
  })
  const code = await new Promise<number>((resolve) => child.once('close', resolve))
  return { code, text }
}

/** Counts of the last report in the output. */
const countsOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^(missing|altered|moved|doubled|foreign) +(\d+)/gm)].map(
      ([, kind, count]) => [kind, Number(count)],
    ),
  )

/** Prints the output without the examples. */
const show = (text: string) => console.log(text.replace(/^ {4}.*\n/gm, ''))

/** Examples of a kind in the first report. */
const examplesOf = (kind: string, text: string): string[] => {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(kind)) + 1
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('    '))
  return lines.slice(start, end)
}

test('in an unchanged sheet nothing is reported', async () => {
  await Promise.all(Array.from({ length: submissions }, (_, n) => submit(n)))
  while ((await read().catch(() => [])).length <= submissions) await delay(100)
  const { code, text } = await reconcile()
  expect(text).toMatch('500 submissions, 500 rows')
  expect(countsOf(text)).toEqual({ missing: 0, altered: 0, moved: 0, doubled: 0, foreign: 0 })
  expect(code).toBe(0)
}, 60_000)

/** Cells by row number, before the repair. */
let cellsBefore: Map<number, string[]>
let altered: string[]
let lost: string[]

test('cleared, deleted, altered, doubled and foreign rows are reported, and no others', async () => {
  const before = await read()
  const idAt = (row: number) => before[row - 1]![0] as string
  const ids = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, n) => idAt(first + n))
  altered = ids(300, 309)
  lost = [...ids(51, 100), ...ids(201, 250)]
  // Column C has item1. A person's notes are in cleared rows and below all rows.
  await put(Object.fromEntries(ids(300, 309).map((_, n) => [`C${300 + n}`, ['by hand']])))
  await clear(51, 100)
  await remove(201, 250)
  await put({
    A452: before[1] as string[],
    C60: ['a note'],
    B70: ['2020', 'x', 'y'],
    D453: ['sum'],
  })
  cellsBefore = new Map([...(await read()).entries()].map(([index, cells]) => [index + 1, cells]))
  const { code, text } = await reconcile()
  show(text)
  expect(countsOf(text)).toEqual({
    missing: 100,
    altered: 10,
    moved: 251,
    doubled: 1,
    foreign: 3,
  })
  expect(
    examplesOf('missing', text)
      .slice(0, 20)
      .every((line) => lost.some((id) => line.includes(id))),
  ).toBe(true)
  expect(examplesOf('altered', text)).toEqual(
    altered.map((id, n) => expect.stringContaining(`row ${250 + n}  ${id}  item1`)),
  )
  expect(examplesOf('doubled', text)).toEqual([
    expect.stringContaining(`Responses row 2, Responses row 452  ${idAt(2)}`),
  ])
  expect(examplesOf('foreign', text).map((line) => line.trim())).toEqual([
    'Responses row 60',
    'Responses row 70',
    'Responses row 453',
  ])
  expect(text).not.toMatch(/by hand|a note|first \d/)
  expect(code).toBe(1)
}, 60_000)

test('--repair writes the missing rows and changes no others', async () => {
  const { code, text } = await reconcile('--repair')
  show(text)
  expect(text).toMatch('After the repair: 100 were missing, 0 are')
  expect(countsOf(text)).toMatchObject({ missing: 0, altered: 10, doubled: 1, foreign: 3 })
  // 1, because the doubled row remains: a person has to decide which one to delete.
  expect(code).toBe(1)
  const after = await read()
  const changed = [...cellsBefore].filter(
    ([row, cells]) => cells.some(Boolean) && String(after[row - 1]) !== String(cells),
  )
  expect(changed).toEqual([])
  const ids = after.slice(1).map(([id]) => id)
  expect(lost.filter((id) => !ids.includes(id))).toEqual([])
  expect(new Set(ids.filter(Boolean)).size).toBe(submissions)
}, 60_000)

test('a title row, a renamed header and a moved column do not affect the report, and nothing is written twice', async () => {
  await change((sheetId) => [
    { insertDimension: { range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 2 } } },
    {
      moveDimension: {
        source: { sheetId, dimension: 'COLUMNS', startIndex: 0, endIndex: 1 },
        destinationIndex: 4,
      },
    },
  ])
  await put({ A1: ['Spring answers'], B3: ['First question'] })
  const { text } = await reconcile('--repair')
  show(text)
  expect(countsOf(text)).toMatchObject({ missing: 0, altered: 10, doubled: 1, foreign: 4 })
  const before = (await read()).length
  const id = await submit(submissions)
  while ((await read()).length === before) await delay(100)
  const row = (await read()).at(-1)
  expect(row?.slice(1)).toEqual([`first ${submissions}`, `second ${submissions}`, id])
}, 60_000)
