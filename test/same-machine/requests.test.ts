// Requests as no browser sends them, to each server of `npm start` that is not for people: forged hosts and origins, no token, another.
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { type Running, startInstance } from '../instance.ts'
import { type Call, calls, portOf } from './servers.ts'

type Server = keyof typeof calls
type Headers = Record<string, string>

let folder: string
let instance: Running
let ports: Record<Server, number>
let functionPid: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-requests-'))
  instance = await startInstance(folder)
  const client = connectInstance(instance)
  await client.tick('sheets')
  functionPid = Number((await client.functions()).sheets)
  const portIn = (url: string | undefined) => Number(new URL(String(url)).port)
  ports = {
    control: portIn(instance.control),
    function: portOf(functionPid),
    emulator: portIn(instance.sheets),
  }
}, 60_000)
afterAll(async () => {
  await instance?.stop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

/** The status of the answer. */
const send = (server: Server, { method, path, headers, body }: Call, own: Headers) =>
  new Promise<number>((resolve, reject) => {
    const target = { host: '127.0.0.1', port: ports[server], method, path }
    const outgoing = request({ ...target, headers: { ...headers, ...own } }, (answer) => {
      resolve(answer.statusCode ?? 0)
      answer.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })

const foreign: Record<string, Headers> = {
  'another host': { host: 'evil.example' },
  'a host that begins as this one': { host: '127.0.0.1.evil.example' },
  'the address of all addresses': { host: '0.0.0.0' },
  'the origin null': { origin: 'null' },
  'another origin': { origin: 'http://evil.example' },
  'the origin of another port': { origin: 'http://127.0.0.1:1' },
  'a page of another site': { 'sec-fetch-site': 'cross-site' },
  'a page of another port': { 'sec-fetch-site': 'same-site' },
}

const servers = Object.keys(calls) as Server[]
const matrix = servers.flatMap((server) =>
  Object.keys(foreign).map((name) => [server, name] as const),
)

test.each(matrix)('%s refuses %s, with the token too', async (server, name) => {
  const own = { ...bearer(instance.token), ...foreign[name] }
  for (const call of calls[server]) {
    expect([call.path, await send(server, call, own)]).toEqual([call.path, 403])
  }
  await expectNothing()
})

test.each(['control', 'function'] as const)('%s asks for the token', async (server) => {
  const wrong = [{}, bearer(''), bearer(`${instance.token}x`), { authorization: instance.token }]
  for (const call of calls[server]) {
    for (const own of wrong) {
      expect([call.path, await send(server, call, own)]).toEqual([call.path, 401])
    }
  }
  await expectNothing()
})

test('with the token they answer', async () => {
  const own = bearer(instance.token)
  expect(await send('control', { method: 'GET', path: '/lag' }, own)).toBe(200)
  expect(await send('function', { method: 'GET', path: '/health/readiness' }, own)).toBe(200)
  const host = { host: `mine.localhost:${ports.emulator}` }
  expect(await send('emulator', { method: 'GET', path: '/' }, host)).toBe(200)
})

test('the token is another one at each start', async () => {
  const { token } = instance
  expect(token).toMatch(/^[\w-]{43}$/)
  await instance.stop()
  instance = await startInstance(folder)
  expect(instance.token).toMatch(/^[\w-]{43}$/)
  expect(instance.token).not.toBe(token)
}, 30_000)

/** No event, no row, no switch of the emulator, no new process. */
async function expectNothing(): Promise<void> {
  const client = connectInstance(instance)
  for (const topic of ['forms.validated', 'forms.recorded', 'forms.dead-letter']) {
    for await (const record of client.records(topic, () => {})) expect(record).toBeUndefined()
  }
  expect((await client.functions()).sheets).toBe(functionPid)
  const faults = await (await fetch(`${instance.sheets}/emulator/faults`)).json()
  expect(faults).toMatchObject({ denied: [] })
}
