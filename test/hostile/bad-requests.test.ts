import { expect, test } from '@jest/globals'
import { findProblems } from './find-problems.ts'
import { runCorpus } from './run-corpus.ts'
import { tableOf } from './table.ts'

test('1,000 bad requests are refused with 4xx, and nothing is stored', async () => {
  // `npm run test:hostile -- requests` sends 10,000.
  const result = await runCorpus({ corpus: 'bad-requests', inputs: 1_000, seed: 11 })
  console.log(tableOf(result))
  expect(result.byKind.size).toBeGreaterThanOrEqual(100)
  expect(result.total.sent).toBeGreaterThanOrEqual(1_000)
  expect(findProblems(result)).toEqual([])
  expect(result.stored).toEqual({ submitted: 0, deadLetters: 0 })
}, 60_000)
