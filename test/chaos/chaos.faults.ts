// One run of each fault on the embedded log; `npm run test:chaos` runs each twenty times.
import { expect, test } from '@jest/globals'
import { expectFaultHappened } from './expect-fault-happened.ts'
import { faults, scenario } from './faults.ts'
import { run } from './scenario.ts'

test.each(Object.entries(faults))(
  '%s: every acknowledged submission is in the sheet once',
  async (_name, fault) => {
    const counts = await run(fault, { ...scenario, requests: 20 })
    console.log(counts)
    expect(counts).toMatchObject({ missing: 0, duplicate: 0, unfollowed: 0, conflicting: 0 })
    expectFaultHappened(counts)
  },
  180_000,
)
