import { expect, test } from '@jest/globals'
import { makeApp } from './app.fixture.ts'

const headersOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'a']))

test('a request has at most 100 header fields', async () => {
  const { post, appended } = await makeApp()
  // inject adds a few of its own.
  expect((await post('/forms/demo', { item1: 'a' }, headersOf(90))).statusCode).toBe(202)
  const refused = await post('/forms/demo', { item1: 'a' }, headersOf(101))
  expect(refused.statusCode).toBe(431)
  expect(refused.json().detail).toBe('Expected at most 100')
  expect(appended).toHaveLength(1)
})

test('the number of connections is limited', async () => {
  const { app } = await makeApp()
  expect(app.server.maxConnections).toBe(4096)
})
