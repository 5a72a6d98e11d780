// `npm run task` on events of a file and of the embedded log.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { submissionSubmitted, submissionValidated, validated } from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { eventOf } from '#kit/events.fixture.ts'
import { runTaskCommand } from './run.ts'

// A busy machine takes seconds to start each command and its process.
jest.setTimeout(120_000)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-task-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const answers = { item1: 'you bastard', item2: 'b' }
const event = eventOf(submissionValidated({ version: 'v', answers }), { id: 's-1.validation.0' })

async function writeEvent(content: object = event): Promise<string> {
  const file = join(folder, 'event.json')
  await writeFile(file, JSON.stringify(content))
  return file
}

const run = (...args: string[]) => runTaskCommand({ DATA_DIR: folder }, ...args)

test('a task runs on the event of a file, and its output is the file for the next task', async () => {
  const submission = eventOf(submissionSubmitted({ answers }))
  const first = await run('validation', '--event', await writeEvent(submission))
  expect([first.code, first.stderr]).toEqual([
    0,
    expect.stringMatching(/effects are real; --dry .*\nwould publish .*\ndone in \d+ ms\n$/s),
  ])
  const file = join(folder, 'next.json')
  await writeFile(file, first.stdout)
  const second = await run('slang', '--event', file)
  expect(second.code).toBe(0)
  expect(JSON.parse(second.stdout)).toMatchObject({
    id: 's-1.validation.0.slang.0',
    data: { masked: { item1: 'you b******' } },
  })
})

test('an event of the embedded log is found by the id of its submission, and the file stays as it is', async () => {
  const file = join(folder, 'log.sqlite')
  const log = await SqliteLog.open(file, topicsOf(declared))
  await log.append(validated.name, toKeyedMessage(event as FormEvent))
  await log.close()
  const digest = async () =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  const before = await digest()
  const { code, stdout } = await run('slang', '--event', 's-1')
  expect([code, JSON.parse(stdout).type]).toEqual([0, 'formstream.submission.analyzed'])
  expect(await digest()).toBe(before)
  const unknown = await run('slang', '--event', 's-2')
  expect(unknown).toMatchObject({
    code: 1,
    stderr: `Expected an event or a submission "s-2" on forms.validated of ${file}, found none among 1 records\n`,
  })
})

test('a failure of the task ends the command with the code of what it means', async () => {
  const other = { ...event, data: { version: 'v' } }
  const rejected = await run('slang', '--event', await writeEvent(other))
  expect(rejected).toMatchObject({ code: 3, stderr: expect.stringMatching(/^Rejected after /m) })
  const unknownForm = await writeEvent({ ...event, form: 'none' })
  expect(await run('slang', '--event', unknownForm)).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/^RetryLater after \d+ ms: Form "none" is not known here yet$/m),
  })
})

test('an event that the task does not handle is an error', async () => {
  const submission = await writeEvent(eventOf(submissionSubmitted({ answers })))
  expect(await run('slang', '--event', submission)).toMatchObject({
    code: 1,
    stderr:
      'Expected an event that slang handles (formstream.submission.validated), found formstream.submission.submitted\n',
  })
  const forms = { DATA_DIR: folder, FORMS_DIR: folder }
  await writeFile(join(folder, 'demo.yaml'), 'title: A\nfields: { item1: { type: text } }\n')
  const unlisted = await runTaskCommand(forms, 'slang', '--event', await writeEvent())
  expect(unlisted).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^skipped: Expected the form demo to list the task slang, found no tasks$/m,
    ),
  })
})

test('wrong arguments are refused with what can be given', async () => {
  const file = await writeEvent()
  expect(await run('slan', '--event', file)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Expected one of the tasks .*slang.*, found "slan"/),
  })
  expect(await run('slang')).toMatchObject({ code: 2 })
  expect(await run('slang', '--event', file, '--topic', 'forms.none')).toMatchObject({ code: 2 })
  expect(await run('slang', '--event', 's-1')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Expected a log to find the event in, found none in ${folder}`),
  })
})

test('a dry run connects to nothing, and says to what it would; otherwise the effect is real', async () => {
  let requests = 0
  const server = createServer((_request, response) => {
    requests += 1
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const environment = { DATA_DIR: folder, SHEETS_ROOT_URL: `http://${address}/` }
  const args = ['sheets', '--event', await writeEvent()]
  try {
    const dry = await runTaskCommand(environment, ...args, '--dry')
    expect([dry.code, requests]).toEqual([0, 0])
    expect(dry.stderr).toContain(`\nwould connect to ${address}\n`)
    const real = await runTaskCommand(environment, ...args)
    expect([real.code, requests > 0]).toEqual([0, true])
  } finally {
    server.close()
  }
})

test('with --inspect the task waits for a debugger', async () => {
  const args = ['slang', '--dry', '--inspect', '--event', await writeEvent()]
  const running = spawn(process.execPath, ['scripts/task.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = Promise.withResolvers<string>()
  running.stderr.on('data', (text) => {
    said += text
    const [found] = /ws:\/\/\S+/.exec(said) ?? []
    if (found) url.resolve(found)
  })
  running.on('close', () => url.reject(new Error(said)))
  const debug = new WebSocket(await url.promise)
  await once(debug, 'open')
  expect(said).not.toContain('done in')
  // Without a debugger the effects would happen at once.
  expect(await run(...args)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Not started: Expected port 9229 to be free'),
  })
  for (const [id, method] of [
    'Runtime.enable',
    'Debugger.enable',
    'Runtime.runIfWaitingForDebugger',
  ].entries()) {
    debug.send(JSON.stringify({ id, method }))
  }
  // It stops at the first line, as for a person who then sets breakpoints.
  debug.onmessage = ({ data }) => {
    if (JSON.parse(data).method === 'Debugger.paused') {
      debug.send(JSON.stringify({ id: 9, method: 'Debugger.disable' }))
      debug.close()
    }
  }
  const [code] = await once(running, 'close')
  expect([code, said]).toEqual([0, expect.stringContaining('done in')])
})
