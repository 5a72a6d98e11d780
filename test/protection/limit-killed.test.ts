// A form with a limit while its endpoint is killed: never more than the limit, and all of it when clients repeat.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from '@jest/globals'

const limit = 300
const people = 400
const kills = 5

let folder: string
let running: ChildProcess
afterEach(async () => {
  running.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

async function start(): Promise<string> {
  running = fork(join(import.meta.dirname, 'limited-endpoint.ts'), [folder])
  const [{ endpoint }] = (await once(running, 'message')) as [{ endpoint: string }]
  return endpoint
}

async function kill(): Promise<void> {
  if (running.exitCode !== null || running.signalCode !== null) return
  const exited = once(running, 'exit')
  running.kill('SIGKILL')
  await exited
}

/** The status; undefined if the endpoint was killed before it answered. */
async function submit(endpoint: string, person: number): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `person-${person}` }
  const body = JSON.stringify({ name: `Person ${person}` })
  return fetch(`${endpoint}/forms/demo`, { method: 'POST', headers, body }).then(
    ({ status }) => status,
    () => undefined,
  )
}

const storedIds = (): Set<unknown> => {
  const db = new DatabaseSync(join(folder, 'log.sqlite'), { readOnly: true })
  const rows = db.prepare("SELECT headers FROM record WHERE topic = 'forms.submitted'").all()
  db.close()
  return new Set(rows.map(({ headers }) => JSON.parse(String(headers))['ce-id']))
}

test(`${people} people, ${kills} kills: exactly ${limit} are accepted and stored`, async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-limit-'))
  await mkdir(join(folder, 'forms'))
  const form = `title: Demo\nfields:\n  name: { type: text }\nprotect: { limit: ${limit} }\n`
  await writeFile(join(folder, 'forms/demo.yaml'), form)

  const answers = new Map<number, number>()
  for (let n = 0; answers.size < people; n++) {
    const endpoint = await start()
    const waiting = Array.from({ length: people }, (_, person) => person).filter(
      (person) => !answers.has(person),
    )
    const answered = Math.floor(people / (2 * kills)) * (n + 1)
    const sending = waiting.map(async (person) => {
      const status = await submit(endpoint, person)
      if (status !== undefined) answers.set(person, status)
      // In the middle of the others.
      if (n < kills && answers.size === answered) running.kill('SIGKILL')
    })
    await Promise.all(sending)
    await kill()
  }
  const statuses = [...answers.values()]
  const count = (status: number) => statuses.filter((one) => one === status).length
  expect({ accepted: count(202), refused: count(403) }).toEqual({
    accepted: limit,
    refused: people - limit,
  })
  expect(storedIds().size).toBe(limit)
}, 120_000)
