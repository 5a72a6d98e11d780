import { describe, expect, test } from '@jest/globals'
import { makeApp } from '../app.fixture.ts'
import { ProtectSettings } from './settings.ts'

test.each(['1', '10', '10.0.0.0/8', '127.0.0.1, ::1', 'fd00::/8,192.168.1.5'])(
  'TRUST_PROXY can be %s',
  (TRUST_PROXY) => {
    expect(ProtectSettings.safeParse({ TRUST_PROXY }).success).toBe(true)
  },
)

test.each([
  'true',
  '11',
  '-1',
  '10.0.0.0/33',
  '10.0.0/8',
  'proxy.example',
  '1.2.3.4/',
  '*',
  '::1/129',
  '10.0.0.0/8/8',
])('TRUST_PROXY cannot be %s', (TRUST_PROXY) => {
  expect(ProtectSettings.safeParse({ TRUST_PROXY }).success).toBe(false)
})

describe('the address of a person', () => {
  const text = 'title: Demo\nfields:\n  item1: { type: text }\nprotect: { perAddress: 1 per day }\n'

  async function statusesOf(TRUST_PROXY: string | undefined, forwarded: string[]) {
    const protect: Record<string, string> = TRUST_PROXY === undefined ? {} : { TRUST_PROXY }
    const { post } = await makeApp({ files: { 'demo.yaml': text }, protect })
    const statuses = []
    for (const [n, value] of forwarded.entries()) {
      const headers = { 'x-forwarded-for': value }
      statuses.push((await post('/forms/demo', { item1: String(n) }, headers)).statusCode)
    }
    return statuses
  }

  test('is that of the connection, whatever X-Forwarded-For says', async () => {
    expect(await statusesOf(undefined, ['192.0.2.1', '192.0.2.2'])).toEqual([202, 429])
    expect(await statusesOf('0', ['192.0.2.1', '192.0.2.2'])).toEqual([202, 429])
    expect(await statusesOf('10.0.0.0/8', ['192.0.2.1', '192.0.2.2'])).toEqual([202, 429])
  })

  test('is what a trusted proxy says, and nothing that a client put before it', async () => {
    const forwarded = ['192.0.2.1', '192.0.2.2', '192.0.2.9, 192.0.2.1', '192.0.2.1']
    expect(await statusesOf('1', forwarded)).toEqual([202, 202, 429, 429])
    expect(await statusesOf('127.0.0.0/8', forwarded)).toEqual([202, 202, 429, 429])
  })

  test('is found behind two proxies', async () => {
    const forwarded = ['192.0.2.1, 10.0.0.7', '192.0.2.2, 10.0.0.7', '192.0.2.1, 10.0.0.8']
    expect(await statusesOf('2', forwarded)).toEqual([202, 202, 429])
    expect(await statusesOf('127.0.0.1,10.0.0.0/8', forwarded)).toEqual([202, 202, 429])
  })
})
