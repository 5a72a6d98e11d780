import { expect, test } from '@jest/globals'
import { findProblems } from './find-problems.ts'
import { runCorpus } from './run-corpus.ts'
import { tableOf } from './table.ts'

test('hostile inputs of all kinds cause no 5xx, crash, hang or memory growth, and only accepted events are stored', async () => {
  // `npm run test:hostile` sends more inputs.
  const result = await runCorpus({ corpus: 'kinds', inputs: 700, seed: 11 })
  console.log(tableOf(result))
  expect(result.byKind.size).toBeGreaterThanOrEqual(60)
  expect(result.total.sent).toBeGreaterThanOrEqual(600)
  // The inputs reach the accepting and the refusing paths of the servers.
  for (const status of [202, 204, 400, 404, 405, 408, 413, 415, 417, 422, 431]) {
    expect([status, result.total.statuses[status] ?? 0]).toEqual([status, expect.any(Number)])
    expect(result.total.statuses[status]).toBeGreaterThan(0)
  }
  expect(findProblems(result)).toEqual([])
}, 60_000)
