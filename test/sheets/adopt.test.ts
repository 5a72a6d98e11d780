// `npm run sheets -- adopt` with a running instance that has lost its ledger, and rows in several tabs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { existingParts } from '../../functions/sheets/rows/rotated-tabs.ts'
import { connect } from '../../scripts/sheets/form-sheet.ts'
import { command } from '../command.ts'
import { type Running, startInstance } from '../instance.ts'
import { until } from '../until.ts'

const target = { spreadsheet: 'demo', tab: 'Responses' }
/** With 26 columns, a tab has 38 rows including the header. */
const environment = { SHEETS_TAB_CELLS: '1000' }

async function submit({ endpoint }: Running, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, n) => from + n)
  await Promise.all(
    numbers.map((n) =>
      fetch(`${endpoint}/forms/demo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ item1: `first ${n}`, item2: 'second' }),
      }),
    ),
  )
}

/** Ids in each tab, by title. */
async function idsIn({ sheets }: Running): Promise<Map<string, readonly string[]>> {
  const api = connect(sheets)
  const tabs = await existingParts(api, target).catch(() => [])
  const ids = tabs.map(async (tab) => {
    const snapshot = await tab.read({ headerRow: 1, column: 0 })
    return [tab.title, [...snapshot!.column.values()].slice(1)] as const
  })
  return new Map(await Promise.all(ids))
}

const untilWritten = (instance: Running, rows: number): Promise<string[]> =>
  until(async () => {
    const ids = [...(await idsIn(instance)).values()].flat()
    return ids.length >= rows && ids
  })

test('all tabs of a form are adopted, and waiting rows are written at once, none twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-adopt-'))
  let instance = await startInstance(dataDir, environment)
  await submit(instance, 0, 100)
  const before = await untilWritten(instance, 100)
  expect([...(await idsIn(instance)).keys()]).toEqual(['Responses', 'Responses 2', 'Responses 3'])
  await instance.stop()
  for (const end of ['', '-wal', '-shm'])
    await rm(join(dataDir, `sheets-buffer.sqlite${end}`), { force: true })
  instance = await startInstance(dataDir, environment)
  await submit(instance, 100, 120)
  const lag = () => command(dataDir, 'scripts/events.ts', 'lag')
  await until(async () => /rows waiting: 20,/.test(await lag()))
  expect([...(await idsIn(instance)).values()].flat()).toEqual(before)
  const text = await command(dataDir, 'scripts/sheets.ts', 'adopt', 'demo')
  expect(text.match(/^Took the stamp of ledger/gm)).toHaveLength(3)
  const after = await untilWritten(instance, 120)
  expect(new Set(after).size).toBe(120)
  expect(after).toHaveLength(120)
  const counts = [...(await idsIn(instance))].map(([title, { length }]) => `${title}: ${length}`)
  expect(counts).toEqual(['Responses: 37', 'Responses 2: 37', 'Responses 3: 37', 'Responses 4: 9'])
  const report = await command(dataDir, 'scripts/sheets.ts', 'reconcile', 'demo')
  expect(report).toMatch('120 submissions, 120 rows')
  await instance.stop()
  await rm(dataDir, { recursive: true })
}, 90_000)
