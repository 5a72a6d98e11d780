// Appends events to Kafka. Started by append.ts.
import { percentile } from '../../scripts/load/submit.ts'
import { openKafka } from '../../test/log/kafka-cluster.ts'
import { makeSubmission, topic } from '../../test/log/submission.fixture.ts'
import type { Appends, AppendsResult } from './append.ts'

const { brokers, callers, seconds } = JSON.parse(process.argv[2] as string) as Appends
const log = await openKafka(brokers)
const times: number[] = []
const before = process.cpuUsage()
const began = performance.now()

async function callOn(caller: number): Promise<void> {
  for (let n = 0; performance.now() - began < seconds * 1000; n++) {
    const sent = performance.now()
    await log.append(topic, makeSubmission(`${process.pid}-${caller}-${n}`))
    times.push(performance.now() - sent)
  }
}

await Promise.all(Array.from({ length: callers }, (_, caller) => callOn(caller)))
const { user, system } = process.cpuUsage(before)
const perSecond = times.length / ((performance.now() - began) / 1000)
times.sort((a, b) => a - b)
process.send?.({
  perSecond,
  p50: percentile(times, 0.5),
  p99: percentile(times, 0.99),
  done: times.length,
  cpu: (user + system) / times.length,
} satisfies AppendsResult)
await log.close()
process.disconnect()
