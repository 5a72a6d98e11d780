import { expect, test } from '@jest/globals'
import { judge, rules } from '#kit/delivery-rules.ts'

test.each([200, 202, 204, 299])('%d is done', (status) => {
  expect(judge(status)).toBe('done')
})

test.each([undefined, 404, 408, 409, 429, 500, 502, 503, 599])('%p is retried', (status) => {
  expect(judge(status)).toBe('retry')
})

test.each([300, 301, 304, 400, 401, 403, 410, 413, 415, 422, 499])('%d is final', (status) => {
  expect(judge(status)).toBe('final')
})

test('the retries outlast an outage of five hours', () => {
  const waits = Array.from({ length: rules.retries }, (_, n) => (n + 1) * rules.delay)
  expect(waits.reduce((sum, wait) => sum + wait) / 3_600_000).toBeGreaterThan(5)
})
