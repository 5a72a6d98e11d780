// Where a topic begins and ends, and how far a group is behind its end.
import type { Admin } from 'kafkajs'
import type { Bounds, Subscription } from '../port.ts'

/** Up to the last stable offset: kafkajs asks as a reader of what is committed does, which gets no further. */
export async function boundsOf(admin: Admin, topic: string): Promise<Bounds[]> {
  const found = await admin.fetchTopicOffsets(topic)
  return found.map(({ partition, low, high }) => ({
    partition,
    first: Number(low),
    next: Number(high),
  }))
}

/** How far a group has come in a partition: `offset` is the first that is not settled. */
export interface Position {
  partition: number
  offset: number
  end: number
}

/** Of the whole group, by what it has committed, and by what a member has `settled` since: its next offset in a partition. */
export async function positionsOf(
  admin: Admin,
  { topic, groupId, from }: Pick<Subscription, 'topic' | 'from'> & { groupId: string },
  settled: (partition: number) => number | undefined,
): Promise<Position[]> {
  const [bounds, [own]] = await Promise.all([
    boundsOf(admin, topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ])
  const committed = new Map(
    own?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
  )
  return bounds.map(({ partition, first, next }) => {
    const stored = committed.get(partition) ?? -1
    const start = stored >= 0 ? stored : from === 'earliest' ? first : next
    // What was removed before it was read is nobody's work any more; and an end may be older than what is settled.
    const offset = Math.max(first, settled(partition) ?? start)
    return { partition, offset, end: Math.max(next, offset) }
  })
}
