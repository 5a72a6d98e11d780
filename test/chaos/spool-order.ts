// The order in which accepted submissions are on the topic.
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '#kafka/log/port.ts'
import { topic } from '../log/submission.fixture.ts'
import type { Accepted } from './spool-load.ts'

interface Order {
  /** Submissions that are on the topic. */
  stored: number
  /** Submissions with several records, which readers recognise by their id. */
  repeated: number
  /** Submissions behind one that was sent after they had been accepted, in the same partition. */
  overtaken: number
}

export async function orderOf(log: Log, accepted: Accepted): Promise<Order> {
  const records = new Map<string, number>()
  /** By partition: the latest beginning among the submissions that were read from it. */
  const latest = new Map<number, number>()
  let overtaken = 0
  const consumer = await log.consume({
    topic,
    from: 'earliest',
    // One at a time, so that each partition is read in its order.
    inFlight: 1,
    async handle({ partition, headers }) {
      const id = String(headers['ce-id'])
      const seen = records.get(id) ?? 0
      records.set(id, seen + 1)
      const steps = accepted.get(id)
      if (seen > 0 || !steps) return
      const before = latest.get(partition) ?? -1
      if (steps.accepted < before) overtaken += 1
      latest.set(partition, Math.max(before, steps.began))
    },
  })
  while ((await consumer.lag()) > 0) await delay(200)
  await consumer.close()
  const repeated = [...records.values()].filter((count) => count > 1).length
  return { stored: records.size, repeated, overtaken }
}
