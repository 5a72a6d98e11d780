// Uses a small real process, which responds with its pid and does what the request's body says.
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { type Logger, pino } from 'pino'
import { FunctionProcess, type FunctionProcessOptions } from './function-process.ts'

const module = `
  import { appendFileSync } from 'node:fs'
  import { createServer } from 'node:http'
  import { text } from 'node:stream/consumers'
  if (process.env.FAIL) process.exit(3)
  if (process.env.SILENT) await new Promise(() => setInterval(() => {}, 1000))
  appendFileSync(process.argv[2], process.pid + ' ' + process.env.PORT + '\\n')
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (body === 'die') process.kill(process.pid, 'SIGKILL')
    if (body === 'hang') return
    response.writeHead(body === 'fault' ? 500 : 200).end(body + ' ' + request.headers['ce-id'] + ' ' + process.pid)
  })
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
  process.on('disconnect', () => process.exit(0))
  server.listen(0, '127.0.0.1', () => process.send({ listening: server.address().port }))
`

let folder: string
const created: FunctionProcess[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-function-'))
  await writeFile(join(folder, 'child.mjs'), module)
})
afterEach(async () => {
  for (const running of created.splice(0)) await running.stop()
  await rm(join(folder, 'starts'), { force: true })
})
afterAll(() => rm(folder, { recursive: true }))

/** `logged` resolves when the message is logged. */
function makeLogger(): { logger: Logger; logged: (message: string) => Promise<void> } {
  const lines = new Writable({
    objectMode: true,
    write(line, _encoding, done) {
      lines.emit(JSON.parse(String(line)).msg)
      done()
    },
  })
  return {
    logger: pino({ base: null }, lines),
    logged: async (message) => void (await once(lines, message)),
  }
}

function makeProcess(options: Partial<FunctionProcessOptions> = {}) {
  const { logger, logged } = makeLogger()
  const running = new FunctionProcess({
    name: 'child',
    module: join(folder, 'child.mjs'),
    args: [join(folder, 'starts')],
    env: () => ({}),
    idle: 60_000,
    connections: 10,
    timeout: 5_000,
    logger,
    ...options,
  })
  created.push(running)
  const post = (body = '') => running.post({ 'ce-id': 's-1' }, body)
  const pid = async () => Number((await post()).body.split(' ').at(-1))
  return { running, post, pid, logged }
}

const starts = async () => (await readFile(join(folder, 'starts'), 'utf8')).trim().split('\n')
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the first deliveries start one process, which answers all of them', async () => {
  const { running, post } = makeProcess()
  expect(running.pid).toBeUndefined()
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(`body ${n}`)))
  const pid = await running.pid
  expect(answers).toEqual(answers.map((_, n) => ({ status: 200, body: `body ${n} s-1 ${pid}` })))
  expect(await starts()).toEqual([`${pid} 0`])
})

test('a response of any status is returned', async () => {
  const { post } = makeProcess()
  expect(await post('fault')).toMatchObject({ status: 500, body: expect.stringMatching(/^fault/) })
})

test.each([
  ['a name', 'ce-trace parent', 'x'],
  ['a value', 'ce-trace', 'a\nb'],
])('%s that HTTP cannot carry gives status 400 and costs no connection', async (_, name, value) => {
  const { running, post } = makeProcess({ connections: 1 })
  for (let n = 0; n < 3; n++) {
    expect(await running.post({ 'ce-id': 's-1', [name]: value }, '')).toEqual({
      status: 400,
      body: 'Expected headers that HTTP can carry, found one with other characters',
    })
  }
  expect((await post()).status).toBe(200)
})

test('an idle process is stopped; the next delivery starts another', async () => {
  const { running, pid, logged } = makeProcess({ idle: 50 })
  const stopped = logged('function stopped')
  const first = await pid()
  await stopped
  expect([running.pid, isAlive(first)]).toEqual([undefined, false])
  expect(await pid()).not.toBe(first)
})

test('after a process was killed, the next delivery starts another', async () => {
  const { pid, logged } = makeProcess()
  const first = await pid()
  const stopped = logged('function stopped')
  process.kill(first, 'SIGKILL')
  await stopped
  expect(await pid()).not.toBe(first)
})

test('when a process dies, the delivery it was handling fails, and the next one starts another process', async () => {
  const { post, pid, logged } = makeProcess()
  const first = await pid()
  const stopped = logged('function stopped')
  await expect(post('die')).rejects.toThrow()
  await stopped
  expect(await pid()).not.toBe(first)
})

test('when a process exits at its start, the delivery fails with the exit code, and the next one tries again', async () => {
  const env: Record<string, string | undefined> = { FAIL: 'yes' }
  const { post } = makeProcess({ env: () => env })
  await expect(post()).rejects.toThrow('Function child exited before it listened: 3')
  await expect(post()).rejects.toThrow(/listened: 3/)
  env.FAIL = undefined
  expect((await post()).status).toBe(200)
})

test('a delivery that takes too long fails, and the process continues', async () => {
  const { post, pid } = makeProcess({ timeout: 1000 })
  const first = await pid()
  await expect(post('hang')).rejects.toThrow('No answer in 1000 ms')
  expect(await pid()).toBe(first)
})

test('stop ends the process; it may be called twice, or before anything ran', async () => {
  const { running, pid } = makeProcess()
  await running.stop()
  const first = await pid()
  await Promise.all([running.stop(), running.stop()])
  expect(isAlive(first)).toBe(false)
  await running.stop()
})

test('a delivery that arrives while an idle process drains is handled by a new process', async () => {
  const { running, post, pid } = makeProcess()
  const first = await pid()
  const stopping = running.stop()
  const second = await pid()
  await stopping
  expect(second).not.toBe(first)
  expect(isAlive(first)).toBe(false)
  expect(await pid()).toBe(second)
  expect((await post('more')).status).toBe(200)
})

test('a process that never listens is killed, and the delivery fails', async () => {
  const { post } = makeProcess({ env: () => ({ SILENT: '1' }), timeout: 300 })
  await expect(post()).rejects.toThrow('exited before it listened: SIGKILL')
})

test('when the program cannot be run, the delivery fails, and the next one tries again', async () => {
  const { post } = makeProcess({ module: join(folder, 'no-such-file.mjs') })
  await expect(post()).rejects.toThrow('exited before it listened')
  await expect(post()).rejects.toThrow('exited before it listened')
})
