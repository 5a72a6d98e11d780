// A local server refuses other host names, other sites, and callers without the token.
import type { IncomingMessage } from 'node:http'
import { expect, test } from '@jest/globals'
import fastify from 'fastify'
import { crossSiteProblem, guard } from './same-machine.ts'

const here = '127.0.0.1:8081'
const token = 't'.repeat(43)

type Headers = Record<string, string>

type Reached = Parameters<typeof crossSiteProblem>[1] & { method?: string; url?: string }

const problem = (headers: Headers, { method = 'GET', url = '/', ...reached }: Reached = {}) =>
  crossSiteProblem({ headers, method, url } as unknown as IncomingMessage, reached)

test.each([
  'localhost',
  'LOCALHOST:8081',
  'mine.localhost:1',
  '127.0.0.1',
  '127.1.2.3:80',
  '[::1]',
  '[::1]:8081',
])('the host %s is this machine', (host) => {
  expect(problem({ host })).toBeUndefined()
  expect(problem({ host, origin: `http://${host}` })).toBeUndefined()
})

test.each([
  '',
  'evil.example',
  'localhost.evil.example',
  'evillocalhost',
  '127.0.0.1.evil.example',
  '127.evil.example:8081',
  '1270.0.0.1',
  '0.0.0.0:8081',
  '192.168.1.2',
  '[::]',
  '[::ffff:7f00:1]',
  'evil.example@localhost',
  'localhost/evil.example',
  'localhost:80:80',
  'localhost evil.example',
])('the host "%s" is refused', (host) => {
  expect(problem({ host })).toMatch(/^Expected the Host header/)
})

test('a request without a host is refused', () => {
  expect(problem({})).toMatch(/^Expected the Host header/)
})

test.each([
  'null',
  '',
  'http://127.0.0.1',
  'http://127.0.0.1:8082',
  'http://localhost:8081',
  'https://127.0.0.1:8081',
  'http://evil.example',
  'http://127.0.0.1:8081.evil.example',
  'http://evil.example#127.0.0.1:8081',
  'file://',
])('the origin "%s" is refused', (origin) => {
  expect(problem({ host: here, origin })).toMatch(/^Expected calls from this site/)
})

test.each(['cross-site', 'same-site', 'anything'])(
  'a call from a page that is %s is refused',
  (site) => {
    expect(problem({ host: here, 'sec-fetch-site': site })).toMatch(
      /^Expected calls from this site/,
    )
  },
)

test.each(['same-origin', 'none'])('a %s call is accepted', (site) => {
  expect(problem({ host: here, 'sec-fetch-site': site })).toBeUndefined()
})

test('a link on another site may open a page, but nothing else', () => {
  const isPage = (path: string) => path === '/'
  const link = { host: here, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const followed = { ...link, 'sec-fetch-dest': 'document' }
  const reached = { isPage, url: '/?tab=a' }
  expect(problem(followed, reached)).toBeUndefined()
  expect(problem(followed)).toBeDefined()
  expect(problem(followed, { ...reached, url: '/v4/x' })).toBeDefined()
  expect(problem(followed, { ...reached, method: 'POST' })).toBeDefined()
  expect(problem({ ...link, 'sec-fetch-dest': 'iframe' }, reached)).toBeDefined()
  expect(problem({ ...followed, origin: 'http://evil.example' }, reached)).toBeDefined()
  expect(problem({ ...followed, host: 'evil.example' }, reached)).toBeDefined()
})

test("a server on another host accepts that host's name; one on all interfaces accepts any IP address", () => {
  expect(problem({ host: 'box.lan:8081' }, { host: 'Box.lan' })).toBeUndefined()
  expect(problem({ host: 'evil.example' }, { host: 'box.lan' })).toBeDefined()
  expect(problem({ host: '192.168.1.3' }, { host: '192.168.1.2' })).toBeDefined()
  for (const host of ['0.0.0.0', '::']) {
    expect(problem({ host: '192.168.1.2:8081' }, { host })).toBeUndefined()
    expect(problem({ host: '[fd00::1]:8081' }, { host })).toBeUndefined()
    expect(problem({ host: 'localhost' }, { host })).toBeUndefined()
    expect(problem({ host: 'evil.example' }, { host })).toBeDefined()
  }
})

test.each(['GET', 'POST', 'OPTIONS'] as const)(
  '%s without the token is 401, from another site 403, whatever is at the path; then nothing runs',
  async (method) => {
    const app = fastify()
    let runs = 0
    guard(app, token)
    app.route({ method, url: '/', handler: async () => `${++runs}` })
    const ask = async (url: string, headers: Headers) =>
      (await app.inject({ method, url, headers: { host: here, ...headers } })).statusCode
    for (const url of ['/', '/nothing']) {
      for (const authorization of ['', token, 'Bearer', `Bearer ${token}x`, `bearer ${token}`]) {
        expect(await ask(url, { authorization })).toBe(401)
      }
      expect(await ask(url, {})).toBe(401)
      const authorization = `Bearer ${token}`
      expect(await ask(url, { authorization, origin: 'null' })).toBe(403)
      expect(await ask(url, { authorization, host: 'evil.example' })).toBe(403)
    }
    expect(runs).toBe(0)
    expect(await ask('/', { authorization: `Bearer ${token}` })).toBe(200)
  },
)
