// The local Kafka stops in every state.
import { expect, test } from '@jest/globals'
import { ownCluster } from './log/own-cluster.ts'
import { describeOnKafka } from './on-kafka.ts'

describeOnKafka('three brokers', () => {
  const cluster = ownCluster(21892)

  test('a broker stops although no controller answers it any more', async () => {
    await Promise.all([1, 2].map((id) => cluster().broker(id).signal('SIGKILL')))
    await cluster().stop()
    expect(cluster().brokers.map(({ pid }) => pid)).toEqual([undefined, undefined, undefined])
  }, 60_000)
})
