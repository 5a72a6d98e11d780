// Rates per address over HTTP, behind a proxy: addresses at their limit, and others that are not concerned.
import { expect, test } from '@jest/globals'
import { Agent, request } from 'undici'
import { makeApp } from '../../functions/form-endpoint/app.fixture.ts'

const form =
  'title: Demo\nfields:\n  item1: { type: text }\nprotect: { perAddress: 3 per hour, perForm: 1000000 per day }\n'

const addressOf = (network: number, n: number): string => `10.${network}.${n >> 8}.${n & 255}`

test('1,000 addresses at the limit of a form: each gets 429, and 1,000 others are accepted', async () => {
  const { app, appended } = await makeApp({
    files: { 'demo.yaml': form },
    protect: { TRUST_PROXY: '1' },
  })
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/forms/demo`
  const dispatcher = new Agent({ connections: 50 })
  const send = async (address: string, item1: string) => {
    const { statusCode, body } = await request(url, {
      ...{ method: 'POST', dispatcher, body: JSON.stringify({ item1 }) },
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    })
    await body.dump()
    return statusCode
  }
  const counts: Record<string, number> = {}
  const round = async (name: string, network: number) => {
    const statuses = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => send(addressOf(network, n), name)),
    )
    for (const status of statuses)
      counts[`${name} ${status}`] = (counts[`${name} ${status}`] ?? 0) + 1
  }
  for (const name of ['first', 'second', 'third', 'fourth', 'fifth']) await round(name, 1)
  await Promise.all([round('sixth', 1), round('others', 2)])
  expect(counts).toEqual({
    ...{ 'first 202': 1000, 'second 202': 1000, 'third 202': 1000 },
    ...{ 'fourth 429': 1000, 'fifth 429': 1000, 'sixth 429': 1000 },
    'others 202': 1000,
  })
  expect(appended).toHaveLength(4000)
  await dispatcher.close()
})
