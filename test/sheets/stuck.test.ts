// A form whose tab cannot be written, with a running instance: other forms are written, and lag lists the waiting rows.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { connect } from '../../scripts/sheets/form-sheet.ts'
import { command } from '../command.ts'
import { type Running, startInstance } from '../instance.ts'
import { until } from '../until.ts'

let folder: string
let forms: string
let instance: Running

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-stuck-'))
  forms = await mkdtemp(join(tmpdir(), 'formstream-stuck-forms-'))
  await Promise.all([form('good', 'good', 'Responses'), form('bad', 'closed', 'Responses')])
  // A short idle time, because waiting rows must be listed also while the function does not run.
  instance = await startInstance(folder, { FORMS_DIR: forms, IDLE_SECONDS: '1' })
}, 20_000)
afterAll(async () => {
  await instance.stop()
  await Promise.all([folder, forms].map((one) => rm(one, { recursive: true })))
}, 30_000)

const form = (id: string, spreadsheet: string, tab: string) =>
  writeFile(
    join(forms, `${id}.yaml`),
    `title: ${id}\nfields:\n  a: { type: text }\ntasks:\n  sheets: { spreadsheet: ${spreadsheet}, tab: ${tab} }\n`,
  )

async function submit(id: string): Promise<string> {
  const answer = await fetch(`${instance.endpoint}/forms/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ a: 'an answer' }),
  })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { id: string }).id
}

async function ids(spreadsheetId: string): Promise<string[]> {
  const { values } = connect(instance.sheets).spreadsheets
  const query = { spreadsheetId, range: 'Responses' }
  const { data } = await values.get(query).catch(() => ({ data: { values: [] } }))
  return (data.values ?? []).slice(1).map(([id]) => String(id))
}

const lag = () => command(folder, 'scripts/events.ts', 'lag')
const runs = async () => (await connectInstance(instance).functions()).sheets

test('lag prints number, time and reason of waiting rows, which move to the sheet of the corrected form', async () => {
  await fetch(`${instance.sheets}/emulator/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ denied: ['closed'] }),
  })
  const stuck = [await submit('bad'), await submit('bad')]
  const written = await submit('good')
  await until(async () => (await ids('good')).length === 1)
  expect(await ids('good')).toEqual([written])
  await until(async () => (await runs()) === undefined)
  expect(await lag()).toMatch(
    /sheets +0\n +closed\/Responses: rows waiting: 2, the oldest submitted at 20\S+Z: .*403/,
  )

  await form('bad', 'open', 'Responses')
  await until(async () => {
    await connectInstance(instance).tick('sheets')
    return (await ids('open')).length === 2
  })
  expect((await ids('open')).toSorted()).toEqual(stuck.toSorted())
  expect(await lag()).not.toMatch(/wait/)
  expect(await ids('closed')).toEqual([])
}, 60_000)
