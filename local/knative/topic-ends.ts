// Tracks whether a consumer has read a topic up to where it ended at a given moment.
import type { Consumer } from '#kafka/log/port.ts'

export interface TopicEnds {
  /** Pass this as `passed` of the subscription. */
  passed: (partition: number, next: number) => void
  /** Records the current end of each partition. Returns the number of offsets before them. */
  begin: (consumer: Pick<Consumer, 'bounds'>) => Promise<number>
  /** False for records that were appended after `begin`. */
  includes: (record: { partition: number; offset: number }) => boolean
  /** Resolves when the consumer has passed the end of every partition. */
  reached: Promise<void>
  close: () => void
}

const defaultInterval = 1000

/** `interval`: milliseconds between two checks whether records were deleted, by retention or by hand, before they were read. */
export function trackEnds(interval = defaultInterval): TopicEnds {
  const positions = new Map<number, number>()
  const ends = new Map<number, number>()
  const unfinished = new Set<number>()
  const reached = Promise.withResolvers<void>()
  let begun = false
  let timer: NodeJS.Timeout | undefined

  function passed(partition: number, next: number): void {
    positions.set(partition, Math.max(next, positions.get(partition) ?? 0))
    checkEnd(partition)
  }

  function checkEnd(partition: number): void {
    const end = ends.get(partition)
    if (end !== undefined && (positions.get(partition) ?? 0) >= end) unfinished.delete(partition)
    resolveIfDone()
  }

  function resolveIfDone(): void {
    if (!begun || unfinished.size > 0) return
    clearInterval(timer)
    reached.resolve()
  }

  async function begin(consumer: Pick<Consumer, 'bounds'>): Promise<number> {
    const filled = (await consumer.bounds()).filter(({ first, next }) => first < next)
    for (const { partition, next } of filled) {
      ends.set(partition, next)
      unfinished.add(partition)
    }
    begun = true
    timer = setInterval(() => void passDeleted(consumer), interval).unref()
    for (const { partition } of filled) checkEnd(partition)
    resolveIfDone()
    return filled.reduce((sum, { first, next }) => sum + next - first, 0)
  }

  /** Deleted records will never be handed out. If the log does not answer, the next check asks again. */
  async function passDeleted(consumer: Pick<Consumer, 'bounds'>): Promise<void> {
    const bounds = await consumer.bounds().catch(() => [])
    for (const { partition, first } of bounds) passed(partition, first)
  }

  return {
    passed,
    begin,
    includes: ({ partition, offset }) => offset < (ends.get(partition) ?? 0),
    reached: reached.promise,
    close: () => clearInterval(timer),
  }
}
