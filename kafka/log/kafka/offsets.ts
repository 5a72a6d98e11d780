// The bounds of a topic's partitions, and how far a group has come in them.
import type { Admin } from 'kafkajs'
import type { Bounds, Subscription } from '../port.ts'

/** Ends at the last stable offset: kafkajs asks with isolation level "read committed". */
export async function boundsOf(admin: Admin, topic: string): Promise<Bounds[]> {
  const found = await admin.fetchTopicOffsets(topic)
  return found.map(({ partition, low, high }) => ({
    partition,
    first: Number(low),
    next: Number(high),
  }))
}

export interface Position {
  partition: number
  /** The first offset that is not handled. */
  offset: number
  end: number
}

/** `committable`: the offsets that this member has handled but may not have committed yet. */
export async function positionsOf(
  admin: Admin,
  { topic, groupId, from }: Pick<Subscription, 'topic' | 'from'> & { groupId: string },
  committable: (partition: number) => number | undefined,
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
    // Records deleted before they were read do not count; and the end may be older than what was handled meanwhile.
    const offset = Math.max(first, committable(partition) ?? start)
    return { partition, offset, end: Math.max(next, offset) }
  })
}
