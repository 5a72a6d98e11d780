// Where webhooks may go: nothing reaches a server on this machine unless WEBHOOK_ALLOW names it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parseAddress } from '../address.ts'
import { notPublic } from './address.ts'
import { type Allowed, parseAllowed } from './allowed.ts'
import { startDns } from './dns-server.fixture.ts'
import { NotSent, Outbound } from './post.ts'

const message = { headers: { 'content-type': 'application/json' }, body: '{}' }
const nothing: Allowed = { hosts: new Set(), networks: [] }
const allow = (text: string) => parseAllowed(text) as Allowed

let answer = (_request: IncomingMessage, response: ServerResponse) => void response.end('ok')
let connections = 0
const server = createServer((request, response) => answer(request, response))
server.on('connection', () => connections++)
let port = 0

beforeAll(async () => {
  // On all addresses of this machine, IPv4 and IPv6.
  await once(server.listen(0), 'listening')
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Resolves with the status, or with the name of the error. */
async function post(
  url: string,
  allowed = nothing,
  lookup?: ConstructorParameters<typeof Outbound>[1],
) {
  const outbound = new Outbound(allowed, lookup)
  try {
    return await outbound.post(new URL(url), message).catch(({ name }: Error) => name)
  } finally {
    await outbound.close()
  }
}

const corpus = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1'],
  ...['0177.0.0.1', '017700000001', '0x7F.0x0.0x0.0x1', '127.0.0.1.', '%31%32%37.0.0.1'],
  ...['１２７.０.０.１', '127。0。0。1', '①②⑦.⓪.⓪.①', '[::1]', '[0:0:0:0:0:0:0:1]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001::1]'],
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '169.254.1.1'],
  ...['169.254.169.254', '100.100.100.200', '168.63.129.16', '[fd00:ec2::254]', '192.0.0.192'],
  ...['198.18.0.1', '192.0.2.1', '240.0.0.1', '192.88.99.1', '[fe80::1]', '[fec0::1]', '[fc00::1]'],
  ...['[100::1]', '[2001:db8::1]', '[5f00::1]', '[4000::1]'],
]

test.each(corpus)('a literal address that is not public is refused: %s', async (host) => {
  const before = connections
  for (const scheme of ['http', 'https']) {
    expect(await post(`${scheme}://${host}:${port}/`)).toBe('ForbiddenAddress')
  }
  expect(connections).toBe(before)
})

test.each(['0.0.0.0', '0', '0.1.2.3', '224.0.0.1', '255.255.255.255', '[::]', '[ff02::1]'])(
  'a form may not even name an address of no host: %s',
  (host) => {
    expect(parseAddress(`https://${host}/`)).toMatch(/^expected the address of a host/)
  },
)

test.each([
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://example.org/',
  'example.org',
  '//example.org/',
  'https://',
  'https://user:pass@example.org/',
  'https://user@example.org/',
  'https://@example.org/',
  'https://example.org:80@127.0.0.1/',
  'https://127.0.0.1\\@example.org@x/',
  'https://example.org/#a',
  'https://{host}/',
  'https://{host}.example.org/',
  'https://[fe80::1%25eth0]/',
  'https://exa mple.org/',
  'https://1.2.3.4.5/',
  'https://256.256.256.256/',
])('a form may not have the address %s', (text) => {
  expect(typeof parseAddress(text)).toBe('string')
})

test.each(['https://example.org/a@b?c=d@e', 'https://example.org:8443/{token}?x={other}'])(
  'a form may have the address %s',
  (text) => {
    expect(parseAddress(text)).toBeInstanceOf(URL)
  },
)

test.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
  'a public address is allowed: %s',
  (address) => {
    expect(notPublic(address)).toBeUndefined()
  },
)

test.each(['localhost', 'LOCALHOST', 'localhost.', 'x.localhost'])(
  'a name of this machine is refused: %s',
  async (host) => {
    const before = connections
    expect(['ForbiddenAddress', 'NotSent']).toContain(await post(`https://${host}:${port}/`))
    expect(connections).toBe(before)
  },
)

test('names are checked by the addresses that a DNS server gives: one that is not public is enough to refuse', async () => {
  const names: Record<string, string[]> = {
    'inside.test': ['127.0.0.1'],
    'inside6.test': ['::1'],
    'mapped.test': ['::ffff:127.0.0.1'],
    'mixed.test': ['93.184.216.34', '127.0.0.1'],
    'zero.test': ['0.0.0.0'],
  }
  const dns = await startDns((name) => names[name] ?? [])
  const before = connections
  for (const name of Object.keys(names)) {
    expect([name, await post(`https://${name}:${port}/`, nothing, dns.lookup)]).toEqual([
      name,
      'ForbiddenAddress',
    ])
  }
  expect(await post(`https://unknown.test:${port}/`, nothing, dns.lookup)).toBe('NotSent')
  expect(connections).toBe(before)
  dns.close()
})

test('a name whose address changes between an allowed and a forbidden one leads to the allowed one only', async () => {
  // The allowed address is of this machine, so that messages to it can be seen.
  const dns = await startDns((_, n) => [n % 2 === 0 ? '127.0.0.1' : '127.0.0.2'])
  const allowed = allow('127.0.0.2')
  const outbound = new Outbound(allowed, dns.lookup)
  const url = new URL(`http://rebinding.test:${port}/`)
  const results: unknown[] = []
  const remote: (string | undefined)[] = []
  answer = (request, response) => {
    remote.push(request.socket.localAddress)
    response.writeHead(200, { connection: 'close' }).end()
  }
  for (let n = 0; n < 20; n++) {
    results.push(await outbound.post(url, message).catch(({ name }: Error) => name))
  }
  answer = (_, response) => void response.end()
  expect(results).toEqual(
    Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'ForbiddenAddress' : 200)),
  )
  expect(dns.asked).toHaveLength(20)
  expect(new Set(remote.map((one) => one?.replace('::ffff:', '')))).toEqual(new Set(['127.0.0.2']))
  await outbound.close()
  dns.close()
})

test('a redirect is not followed', async () => {
  const paths: (string | undefined)[] = []
  answer = (request, response) => {
    paths.push(request.url)
    response.writeHead(307, { location: `http://127.0.0.1:${port}/private` }).end()
  }
  expect(await post(`http://127.0.0.1:${port}/`, allow('127.0.0.1'))).toBe(307)
  expect(paths).toEqual(['/'])
  answer = (_, response) => void response.end()
})

test.each([
  ['127.0.0.1', '127.0.0.1', 200],
  ['127.0.0.0/8', '127.1.2.3', 200],
  ['10.0.0.0/8, 127.0.0.1', '127.0.0.1', 200],
  ['localhost', 'localhost', 200],
  ['::1', '[::1]', 200],
  ['127.0.0.2', '127.0.0.1', 'ForbiddenAddress'],
  ['127.0.0.1', '[::ffff:127.0.0.1]', 'ForbiddenAddress'],
  ['example.org', 'localhost', 'ForbiddenAddress'],
])('WEBHOOK_ALLOW=%s: %s gives %s', async (allowed, host, result) => {
  expect(await post(`http://${host}:${port}/`, allow(allowed))).toBe(result)
})

test('http is only for targets that WEBHOOK_ALLOW names', async () => {
  const dns = await startDns(() => ['93.184.216.34'])
  expect(await post('http://public.test/', nothing, dns.lookup)).toBe('ForbiddenAddress')
  dns.close()
})

test.each([
  '',
  '127.0.0.1,',
  '10.0.0.0/33',
  '0x7f.1',
  '2130706433',
  '127.1',
  'a b',
  'https://a',
  '*.a',
  'a:80',
])('WEBHOOK_ALLOW may not be %j', (text) => {
  expect(parseAllowed(text)).toBeUndefined()
})

test('without an answer it is known whether the message was sent', async () => {
  const outbound = new Outbound(allow('127.0.0.1'))
  answer = (request) => void request.socket.destroy()
  await expect(outbound.post(new URL(`http://127.0.0.1:${port}/`), message)).rejects.not.toThrow(
    NotSent,
  )
  const closed = createServer()
  await once(closed.listen(0, '127.0.0.1'), 'listening')
  const { port: free } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  await expect(outbound.post(new URL(`http://127.0.0.1:${free}/`), message)).rejects.toThrow(
    NotSent,
  )
  answer = (_, response) => void response.end()
  await outbound.close()
})

test('a message for which no connection gets free in time is not sent, however long the others take', async () => {
  const held: ServerResponse[] = []
  answer = (_, response) => void held.push(response)
  const outbound = new Outbound(allow('127.0.0.1'))
  const post = () => outbound.post(new URL(`http://127.0.0.1:${port}/`), message)
  const others = Promise.allSettled(Array.from({ length: 16 }, post))
  await expect(post()).rejects.toThrow(NotSent)
  answer = (_, response) => void response.end()
  for (const response of held) response.end()
  await others
  expect(held.length).toBeLessThanOrEqual(16)
  await outbound.close()
}, 60_000)

test('an answer without end gives its status, and its connection is cut', async () => {
  const closed = Promise.withResolvers<void>()
  answer = (request, response) => {
    request.socket.on('close', () => closed.resolve())
    response.writeHead(200)
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000))) {}
    }
    response.on('drain', write)
    write()
  }
  const outbound = new Outbound(allow('127.0.0.1'))
  expect(await outbound.post(new URL(`http://127.0.0.1:${port}/`), message)).toBe(200)
  await closed.promise
  answer = (_, response) => void response.end()
  await outbound.close()
})
