// A form's file is made invalid while `npm start` runs, and the instance is restarted before it is corrected.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { findInstance, type Instance } from '../local/knative/control/instance-file.ts'
import { readRows } from '../scripts/load/sheet.ts'
import { type LoggedStart, loggedStart } from './logged-start.ts'

const good = `title: A form
fields:
  name: { type: text }
tasks:
  sheets: { spreadsheet: a, tab: A }
  slang: { fields: [name] }
`
const wrong = good.replace('type: text', 'type: txt')

let folder: string
let forms: string
let running: LoggedStart
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-wrong-start-'))
  forms = await mkdtemp(join(folder, 'forms-'))
})
afterEach(async () => {
  running.stop()
  await running.ended
  await rm(folder, { recursive: true })
})

async function start(): Promise<Instance> {
  running = loggedStart(folder, 'data', { FORMS_DIR: forms, LOG_LEVEL: 'warn' })
  for (;;) {
    const instance = await findInstance(running.dataDir).catch(() => undefined)
    if (instance) return instance
    await delay(50)
  }
}

async function post({ endpoint }: Instance): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: '{"name":"Ann"}' }
  return (await fetch(`${endpoint}/forms/a`, init)).status
}

const rows = ({ sheets }: Instance) => readRows(sheets as string, 'a', 'A').catch(() => [])

async function deadLetters(instance: Instance): Promise<number> {
  let count = 0
  const letters = connectInstance(instance).records('forms.dead-letter', () => {})
  for await (const _ of letters) count += 1
  return count
}

test('the last valid version is served after a restart of all processes, and the problem is logged once', async () => {
  await writeFile(join(forms, 'a.yaml'), good)
  let instance = await start()
  expect(await post(instance)).toBe(202)
  while ((await rows(instance)).length < 1) await delay(50)
  await writeFile(join(forms, 'a.yaml'), wrong)
  while (!running.output().includes('a.yaml:3')) await delay(50)
  running.stop()
  await running.ended

  instance = await start()
  expect(await post(instance)).toBe(202)
  while ((await rows(instance)).length < 2) await delay(50)
  expect(await deadLetters(instance)).toBe(0)
  expect(running.output().match(/a\.yaml:3: fields\.name\.type/g)).toHaveLength(1)
}, 90_000)
