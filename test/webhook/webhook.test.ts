// A small run of what `npm run test:chaos -- webhooks` does with 1,000 submissions.
import { expect, test } from '@jest/globals'
import { runWebhooks } from './scenario.ts'

test('targets that work get each submission once while another one fails; its dead letters can be replayed', async () => {
  const submissions = 120
  const { before, after, otherFormTook } = await runWebhooks({
    ...{ submissions, down: 2, patience: 8 },
    // Retries last for 11 s at least, and the target is down for 2 s.
    rules: { retries: 14, delay: 100 },
  })
  console.log({ before, after, otherFormTook })
  const once = (messages: number) => ({ messages, repeated: 0, published: messages })
  expect(before).toEqual({
    targets: {
      working: once(submissions),
      late: once(submissions),
      broken: once(0),
      other: once(submissions / 10),
    },
    ...{ forged: 0, letters: submissions, otherLetters: [] },
  })
  expect(after).toEqual({ ...before, targets: { ...before.targets, broken: once(submissions) } })
}, 180_000)
