// One run of each fault on three brokers; `npm run test:chaos -- kafka` runs each twenty times.
import { expect, test } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { freshTopics } from '../log/kafka-cluster.ts'
import { ownCluster } from '../log/own-cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { expectFaultHappened } from './expect-fault-happened.ts'
import { kafkaFaults, kafkaScenario, noFault } from './kafka-faults.ts'
import { run } from './scenario.ts'

const short = { frozen: 10_000, gone: 3000, kills: 1, flaky: 5 }

describeOnKafka('on three brokers', () => {
  const cluster = ownCluster(21492)

  test('without a fault, every submission of 1,000 users with 5 requests each is acknowledged', async () => {
    await freshTopics(cluster().addresses)
    const counts = await run(noFault.fault, kafkaScenario(cluster(), noFault))
    console.log('no fault', counts)
    expect(counts).toMatchObject({ missing: 0, duplicate: 0, unfollowed: 0, conflicting: 0 })
    expect(counts.acknowledged).toBe(counts.sent)
    expect(counts.sent).toBeGreaterThanOrEqual(noFault.users * noFault.requests)
  }, 240_000)

  test.each(Object.keys(kafkaFaults({} as Cluster, short)))(
    '%s: nothing acknowledged is missing, nothing is doubled',
    async (name) => {
      await freshTopics(cluster().addresses)
      const { fault, ...own } = kafkaFaults(cluster(), short)[name]!
      const counts = await run(fault, kafkaScenario(cluster(), { requests: 20, ...own }))
      console.log(name, counts)
      expect(counts).toMatchObject({ missing: 0, duplicate: 0, unfollowed: 0, conflicting: 0 })
      expectFaultHappened(counts)
    },
    240_000,
  )
})
