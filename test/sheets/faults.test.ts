// Short versions of two faults; `npm run test:sheets` runs all at full size.
import { describe, expect, test } from '@jest/globals'
import { killInstances } from './faults.ts'
import { redisInstalled } from './redis.ts'
import { runChanged } from './run-changed.ts'

const none = { missing: 0, duplicate: 0, unrecorded: 0, conflicting: 0 }

;(redisInstalled ? describe : describe.skip)('several instances on one Redis', () => {
  test('with flushers killed at random and 10% of responses lost, each row is written once and published with one id', async () => {
    const short = { submissions: 600, rate: 150, harm: killInstances(1) }
    const counts = await runChanged('kill: ', short)
    console.log(counts)
    expect(counts).toMatchObject({ ...none, acknowledged: 600 })
    expect(counts.harm).toBeGreaterThan(0)
  }, 120_000)

  test('with the quota of Google no call is refused, and rows are in order', async () => {
    const counts = await runChanged('load: ', {
      submissions: 1200,
      forms: 3,
      instances: 2,
      rate: 600,
    })
    console.log(counts)
    expect(counts).toMatchObject({ ...none, acknowledged: 1200, refused: 0 })
    expect(counts.outOfOrder).toBe(counts.late)
  }, 120_000)
})
