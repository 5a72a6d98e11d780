// Every answer of every server tells a browser to do nothing with it: also errors, streams, and what is no HTTP.
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { inFolder, silent } from '#kit/events.fixture.ts'
import { safeHeaders } from '#kit/http/safe-headers.ts'
import { operatorsApp } from '#kit/listen.ts'
import { buildServer as buildFunction } from '#kit/serve.ts'
import { buildServer as buildDeadLetter } from '../functions/dead-letter/server.ts'
import { makeApp } from '../functions/form-endpoint/app.fixture.ts'
import { addControl } from '../local/knative/control/routes.ts'
import { buildPlatform } from '../local/knative/platform.ts'
import { buildEmulator } from '../local/sheets/app.ts'
import { openSqlite } from './log/sqlite.ts'
import { exchange, toAnswer } from './raw.ts'

const opened: FastifyInstance[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close()
})

type Address = [method: string, path: string]
const everywhere: Address[] = [
  ['GET', '/'],
  ['POST', '/'],
  ['PUT', '/nowhere'],
  ['OPTIONS', '/health/liveness'],
  ['GET', '/health/liveness'],
  ['HEAD', '/health/readiness'],
  ['GET', '/metrics'],
  ['GET', '/%zz'],
  ['GET', `/${'a'.repeat(3000)}`],
]

const asks: Record<string, (folder: string) => Promise<[FastifyInstance, Address[]]>> = {
  'the endpoint': async () => [
    (await makeApp()).app,
    [
      ['GET', '/forms/demo/schema.json'],
      ['GET', '/openapi.json'],
      ['POST', '/forms/demo'],
    ],
  ],
  'the port of operators': async () => [
    operatorsApp({ HOST: '', PORT: 0, METRICS_PORT: 0 }) as FastifyInstance,
    [],
  ],
  'a function': async () => [
    buildFunction({ deliver: async () => {}, ready: () => 'no', log: silent }),
    [],
  ],
  'the dead-letter sink': async () => [
    buildDeadLetter({ publish: async () => false, problem: () => undefined }),
    [],
  ],
  'sink and control': async (folder) => {
    const log = await openSqlite(folder)
    const platform = buildPlatform({ log, tasks: [], env: () => ({}), idle: 1, logger: silent })
    addControl(platform, log)
    platform.sink.addHook('onClose', () => log.close())
    return [
      platform.sink,
      [
        ['GET', '/topics/forms.submitted'],
        ['GET', '/topics/forms.submitted/records'],
        ['GET', '/topics/nothing'],
        ['POST', '/topics/forms.submitted'],
        ['POST', '/replay'],
        ['POST', '/ticks/a'],
        ['GET', '/lag'],
        ['GET', '/functions/a/metrics'],
      ],
    ]
  },
  'the emulator': async (folder) => [
    buildEmulator({ file: join(folder, 'sheets.sqlite') }),
    [
      ['GET', '/changes'],
      ['GET', '/page.css'],
      ['GET', '/v4/spreadsheets/none'],
    ],
  ],
}

const { 'content-security-policy': _, 'cache-control': none, ...othersHave } = safeHeaders

test.each(Object.keys(asks))('%s sends them with each answer', (name) =>
  inFolder(async (folder) => {
    const [app, addresses] = await (asks[name] as (typeof asks)[string])(folder)
    opened.push(app)
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    for (const [method, path] of [...everywhere, ...addresses]) {
      const request = get({ port: url.port, host: url.hostname, path, method })
      const [{ headers }] = await once(request, 'response')
      request.destroy()
      // A page has a policy of its own.
      const policy = expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/)
      // Who has it may keep a description, and asks each time whether it still is the same.
      const kept = path === '/openapi.json' && headers.etag
      const expected = {
        ...othersHave,
        'content-security-policy': policy,
        'cache-control': kept ? 'no-cache' : none,
      }
      expect([method, path, headers]).toEqual([method, path, expect.objectContaining(expected)])
    }
    for (const message of ['nonsense\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n']) {
      const { headers } = toAnswer(await exchange(Number(url.port), message))
      expect(headers).toMatchObject(safeHeaders)
    }
    await app.close()
  }),
)

test('a topic that is not declared is not found, and nobody waits for it', () =>
  inFolder(async (folder) => {
    const [app] = await (asks['sink and control'] as (typeof asks)[string])(folder)
    opened.push(app)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    for (const topic of ['nothing', 'constructor', '..%2fx', 'a'.repeat(90)]) {
      for (const path of [`/topics/${topic}`, `/topics/${topic}/records`]) {
        expect([path, (await fetch(url + path)).status]).toEqual([path, 404])
      }
    }
    await app.close()
  }))
