// The two shortest faults; `npm run test:faults` has all.
import { expect, test } from '@jest/globals'
import { expectFaultHappened } from './expect-fault-happened.ts'
import { faults, scenario } from './faults.ts'
import { run } from './scenario.ts'

test.each(['kill -9 of the whole process tree', 'the sheet applies writes and loses its answers'])(
  '%s: every acknowledged submission is in the sheet once',
  async (name) => {
    const counts = await run(faults[name]!, { ...scenario, requests: 5 })
    console.log(counts)
    expect(counts).toMatchObject({ missing: 0, duplicate: 0, unfollowed: 0, conflicting: 0 })
    expectFaultHappened(counts)
  },
  180_000,
)
