// The tests of several instances on one Redis, at the size that the caller chooses. `npm run test:sheets` runs all faults at full size.
import { describe, expect, test } from '@jest/globals'
import { killInstances } from './faults.ts'
import { redisInstalled } from './redis.ts'
import { runChanged } from './run-changed.ts'

const none = { missing: 0, duplicate: 0, unrecorded: 0, conflicting: 0 }

interface Size {
  /** With kills of instances. */
  submissionsUnderFaults: number
  kills: number
  /** With the quota of Google, over three forms. */
  submissionsUnderQuota: number
}

export function testSeveralInstances(size: Size): void {
  ;(redisInstalled ? describe : describe.skip)('several instances on one Redis', () => {
    test('with flushers killed at random and 10% of responses lost, each row is written once and published with one id', async () => {
      const submissions = size.submissionsUnderFaults
      const harm = killInstances(size.kills)
      const counts = await runChanged('kill: ', { submissions, rate: 150, harm })
      console.log(counts)
      expect(counts).toMatchObject({ ...none, acknowledged: submissions })
      expect(counts.harm).toBeGreaterThan(0)
    }, 120_000)

    test('with the quota of Google no call is refused, and rows are in order', async () => {
      const submissions = size.submissionsUnderQuota
      const counts = await runChanged('load: ', { submissions, forms: 3, instances: 2, rate: 600 })
      console.log(counts)
      expect(counts).toMatchObject({ ...none, acknowledged: submissions, refused: 0 })
      expect(counts.outOfOrder).toBe(counts.late)
    }, 120_000)
  })
}
