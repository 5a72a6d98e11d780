// The short form of the corpus; `npm run test:hostile` sends more.
import { expect, test } from '@jest/globals'
import { runCorpus } from './rounds.ts'
import { tableOf } from './table.ts'
import { verdict } from './verdict.ts'

test('hostile inputs of all kinds get an answer: no 5xx, crash, hang, growth, and nothing stored but what was accepted', async () => {
  const result = await runCorpus({ inputs: 700, seed: 11 })
  console.log(tableOf(result))
  expect(result.byKind.size).toBeGreaterThanOrEqual(60)
  expect(result.total.sent).toBeGreaterThanOrEqual(600)
  // A corpus that all refuse, or none, shows nothing.
  for (const status of [202, 204, 400, 404, 405, 408, 413, 415, 417, 422, 431]) {
    expect([status, result.total.statuses[status] ?? 0]).toEqual([status, expect.any(Number)])
    expect(result.total.statuses[status]).toBeGreaterThan(0)
  }
  expect(verdict(result)).toEqual([])
}, 60_000)
