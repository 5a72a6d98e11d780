// Where the partitions of a topic ended when a reading began, and whether a consumer has come so far.
import type { Consumer } from '#kafka/log/port.ts'

export interface Ends {
  /** Of a subscription. */
  passed: (partition: number, next: number) => void
  /** Takes the ends from the topic as it is now. Answers how many offsets there are to pass. */
  begin: (consumer: Pick<Consumer, 'bounds'>) => Promise<number>
  /** False for what came later. */
  includes: (record: { partition: number; offset: number }) => boolean
  /** Resolves when all partitions were passed. */
  reached: Promise<void>
  close: () => void
}

/** Milliseconds between two looks at a topic that may have been emptied: what was removed will never come. */
const lookEvery = 1000

export function toEnds(lookAfter = lookEvery): Ends {
  const positions = new Map<number, number>()
  const ends = new Map<number, number>()
  const open = new Set<number>()
  const reached = Promise.withResolvers<void>()
  let begun = false
  let look: NodeJS.Timeout | undefined

  function passed(partition: number, next: number): void {
    positions.set(partition, Math.max(next, positions.get(partition) ?? 0))
    check(partition)
  }

  function check(partition: number): void {
    const end = ends.get(partition)
    if (end !== undefined && (positions.get(partition) ?? 0) >= end) open.delete(partition)
    if (!begun || open.size > 0) return
    clearInterval(look)
    reached.resolve()
  }

  async function begin(consumer: Pick<Consumer, 'bounds'>): Promise<number> {
    const filled = (await consumer.bounds()).filter(({ first, next }) => first < next)
    for (const { partition, next } of filled) {
      ends.set(partition, next)
      open.add(partition)
    }
    begun = true
    look = setInterval(() => void lookForRemoved(consumer), lookAfter).unref()
    for (const { partition } of filled) check(partition)
    if (filled.length === 0) check(-1)
    return filled.reduce((sum, { first, next }) => sum + next - first, 0)
  }

  /** A log that does not answer is asked again. */
  async function lookForRemoved(consumer: Pick<Consumer, 'bounds'>): Promise<void> {
    const bounds = await consumer.bounds().catch(() => [])
    for (const { partition, first } of bounds) passed(partition, first)
  }

  return {
    passed,
    begin,
    includes: ({ partition, offset }) => offset < (ends.get(partition) ?? 0),
    reached: reached.promise,
    close: () => clearInterval(look),
  }
}
