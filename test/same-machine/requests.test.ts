// Forged requests to the servers of `npm start` that other sites must not reach: wrong Host and Origin headers, no token or a wrong one.
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { type Running, startInstance } from '../instance.ts'
import { type Call, calls, portsOf, type ServerName } from './servers.ts'

type Headers = Record<string, string>

let folder: string
let instance: Running
let ports: Record<ServerName, number>
let functionPid: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-requests-'))
  instance = await startInstance(folder)
  const client = connectInstance(instance)
  await client.tick('sheets')
  functionPid = Number((await client.functions()).sheets)
  ports = portsOf(instance, functionPid)
}, 60_000)
afterAll(async () => {
  await instance?.stop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

/** Resolves with the status of the answer. `fetch` would not send a forged Host header. */
const send = (server: ServerName, { method, path, headers, body }: Call, forged: Headers) =>
  new Promise<number>((resolve, reject) => {
    const target = { host: '127.0.0.1', port: ports[server], method, path }
    const outgoing = request({ ...target, headers: { ...headers, ...forged } }, (answer) => {
      resolve(answer.statusCode ?? 0)
      answer.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })

const foreign: Record<string, Headers> = {
  'another host': { host: 'evil.example' },
  'a host that begins with 127.0.0.1': { host: '127.0.0.1.evil.example' },
  'the host 0.0.0.0': { host: '0.0.0.0' },
  'the origin null': { origin: 'null' },
  'another origin': { origin: 'http://evil.example' },
  'the origin of another port': { origin: 'http://127.0.0.1:1' },
  'a page of another site': { 'sec-fetch-site': 'cross-site' },
  'a page of another port': { 'sec-fetch-site': 'same-site' },
}

const servers = Object.keys(calls) as ServerName[]
const combinations = servers.flatMap((server) =>
  Object.keys(foreign).map((name) => [server, name] as const),
)

test.each(combinations)(
  'the %s server answers 403 to %s, even with the token',
  async (server, name) => {
    const headers = { ...bearer(instance.token), ...foreign[name] }
    for (const call of calls[server]) {
      expect([call.path, await send(server, call, headers)]).toEqual([call.path, 403])
    }
    await expectNoEffect()
  },
)

test.each(['control', 'function'] as const)(
  'the %s server answers 401 without the right token',
  async (server) => {
    const unauthorized = [
      {},
      bearer(''),
      bearer(`${instance.token}x`),
      { authorization: instance.token },
    ]
    for (const call of calls[server]) {
      for (const headers of unauthorized) {
        expect([call.path, await send(server, call, headers)]).toEqual([call.path, 401])
      }
    }
    await expectNoEffect()
  },
)

test('the servers answer requests with the token; the pages of the emulator need none', async () => {
  const headers = bearer(instance.token)
  expect(await send('control', { method: 'GET', path: '/lag' }, headers)).toBe(200)
  expect(await send('function', { method: 'GET', path: '/health/readiness' }, headers)).toBe(200)
  const host = { host: `mine.localhost:${ports.emulator}` }
  expect(await send('emulator', { method: 'GET', path: '/' }, host)).toBe(200)
})

test('each start makes a new token', async () => {
  const { token } = instance
  expect(token).toMatch(/^[\w-]{43}$/)
  await instance.stop()
  instance = await startInstance(folder)
  expect(instance.token).toMatch(/^[\w-]{43}$/)
  expect(instance.token).not.toBe(token)
}, 30_000)

/** The requests caused no event, no row, no fault switch of the emulator and no new process. */
async function expectNoEffect(): Promise<void> {
  const client = connectInstance(instance)
  for (const topic of ['forms.validated', 'forms.recorded', 'forms.dead-letter']) {
    for await (const record of client.records(topic, () => {})) expect(record).toBeUndefined()
  }
  expect((await client.functions()).sheets).toBe(functionPid)
  const faults = await (await fetch(`${instance.sheets}/emulator/faults`)).json()
  expect(faults).toMatchObject({ denied: [] })
}
