// Every answer of every server has the headers that stop a browser from running, framing or storing it: also errors, streams
// and the answers to bytes that are not HTTP.
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
const addressesOfAll: Address[] = [
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

/** Builds a server. Resolves with it and the addresses that only it has. */
type BuildServer = (folder: string) => Promise<[FastifyInstance, Address[]]>

const buildSinkWithControl: BuildServer = async (folder) => {
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
}

const servers: Record<string, BuildServer> = {
  'the endpoint': async () => [
    (await makeApp()).app,
    [
      ['GET', '/forms/demo/schema.json'],
      ['GET', '/openapi.json'],
      ['POST', '/forms/demo'],
    ],
  ],
  'the metrics port': async () => [
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
  'the sink with the control port': buildSinkWithControl,
  'the emulator': async (folder) => [
    buildEmulator({ file: join(folder, 'sheets.sqlite') }),
    [
      ['GET', '/changes'],
      ['GET', '/page.css'],
      ['GET', '/v4/spreadsheets/none'],
    ],
  ],
}

const { 'content-security-policy': _, 'cache-control': noStore, ...fixedHeaders } = safeHeaders

test.each(Object.entries(servers))(
  '%s sends the safe headers with every answer',
  (_name, buildServer) =>
    inFolder(async (folder) => {
      const [app, addresses] = await buildServer(folder)
      opened.push(app)
      const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
      for (const [method, path] of [...addressesOfAll, ...addresses]) {
        const request = get({ port: url.port, host: url.hostname, path, method })
        const [{ headers }] = await once(request, 'response')
        request.destroy()
        // Pages extend the policy, for their own styles and scripts.
        const policy = expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/)
        // Clients may cache the OpenAPI description, but must revalidate it each time.
        const cacheable = path === '/openapi.json' && headers.etag
        const expected = {
          ...fixedHeaders,
          'content-security-policy': policy,
          'cache-control': cacheable ? 'no-cache' : noStore,
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

test('a topic that is not declared gets 404 at once', () =>
  inFolder(async (folder) => {
    const [app] = await buildSinkWithControl(folder)
    opened.push(app)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    for (const topic of ['nothing', 'constructor', '..%2fx', 'a'.repeat(90)]) {
      for (const path of [`/topics/${topic}`, `/topics/${topic}/records`]) {
        expect([path, (await fetch(url + path)).status]).toEqual([path, 404])
      }
    }
    await app.close()
  }))
