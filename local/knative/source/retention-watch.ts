// Kafka removes what is older than a topic's retention, settled or not. So an operator is told well before an event that a task
// has yet to settle is that old, and people are told to come later before the first would be lost.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Topic } from '#kafka/define-event.ts'
import type { Source } from './source.ts'

/** Parts of the retention: from which on it is said, and from which on nothing more is taken in. */
const told = 0.75
const full = 0.9
const lookEvery = 60_000
/** A log that is away is asked again with the next look. */
const patience = 5000

interface Options {
  sources: ReadonlyMap<string, Pick<Source, 'topic' | 'oldest'>>
  topics: Pick<Topic, 'name' | 'retention'>[]
  logger: Logger
  now?: () => number
}

export interface RetentionWatch {
  look: () => Promise<void>
  /** Of each task whose oldest event is that old: what an operator should know. */
  notes: () => Record<string, string>
  /** Of those for which nothing more is taken in. */
  problems: () => Record<string, string>
  stop: () => void
}

export function watchRetention({
  sources,
  topics,
  logger,
  now = Date.now,
}: Options): RetentionWatch {
  const days = new Map(topics.map(({ name, retention }) => [name, retention.days]))
  const notes = new Map<string, string>()
  const overdue = new Map<string, string>()

  async function lookAt(task: string, { topic, oldest }: Pick<Source, 'topic' | 'oldest'>) {
    const kept = (days.get(topic) ?? Number.POSITIVE_INFINITY) * 86_400_000
    const late = delay(patience, undefined, { ref: false })
    const time = await Promise.race([oldest().catch(() => undefined), late])
    const part = time === undefined ? 0 : (now() - time) / kept
    const note = `its oldest event has ${Math.floor(part * 100)} % of the ${days.get(topic)} days that ${topic} keeps it`
    if (part < told) notes.delete(task)
    else {
      if (!notes.has(task)) logger.warn({ task, topic }, `${note}: it is lost after that`)
      notes.set(task, note)
    }
    if (part >= full) overdue.set(task, note)
    else overdue.delete(task)
  }

  async function look(): Promise<void> {
    await Promise.all([...sources].map(([task, source]) => lookAt(task, source)))
  }

  const timer = setInterval(() => void look(), lookEvery).unref()
  return {
    look,
    notes: () => Object.fromEntries(notes),
    problems: () => Object.fromEntries(overdue),
    stop: () => clearInterval(timer),
  }
}
