// Kafka deletes records that exceed a topic's retention, handled or not. This watch warns operators before that happens to an
// unhandled event, and reports a problem, so that the endpoint accepts no more submissions, before the first event is lost.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Topic } from '#kafka/define-event.ts'
import type { Source } from './source.ts'

/** Age of the oldest unhandled event, as a fraction of the retention. */
const warnFrom = 0.75
const refuseFrom = 0.9
const checkInterval = 60_000
/** Milliseconds to wait for the log. If it does not answer, the next check asks again. */
const timeout = 5000

type WatchedSource = Pick<Source, 'topics' | 'oldest'>

interface Age {
  topic: string
  retentionDays: number
  age: number
}

interface Options {
  sources: ReadonlyMap<string, WatchedSource>
  topics: Pick<Topic, 'name' | 'retention'>[]
  logger: Logger
  now?: () => number
}

export interface RetentionWatch {
  check: () => Promise<void>
  /** Warning by task, for operators. */
  notes: () => Record<string, string>
  /** Reasons to refuse submissions, by task. */
  problems: () => Record<string, string>
  stop: () => void
}

export function watchRetention(options: Options): RetentionWatch {
  const { sources, topics, logger, now = Date.now } = options
  const days = new Map(topics.map(({ name, retention }) => [name, retention.days]))
  const notes = new Map<string, string>()
  const problems = new Map<string, string>()

  /** The age of the oldest event that waits in the topic, as a fraction of the retention. */
  async function ageIn(topic: string, { oldest }: WatchedSource): Promise<Age> {
    const retentionDays = days.get(topic) ?? Number.POSITIVE_INFINITY
    const late = delay(timeout, undefined, { ref: false })
    const appended = await Promise.race([oldest(topic).catch(() => undefined), late])
    const age = appended === undefined ? 0 : (now() - appended) / (retentionDays * 86_400_000)
    return { topic, retentionDays, age }
  }

  async function checkOne(task: string, source: WatchedSource): Promise<void> {
    const ages = await Promise.all(source.topics.map((topic) => ageIn(topic, source)))
    const [worst] = ages.toSorted((a, b) => b.age - a.age)
    if (!worst) return
    const { topic, retentionDays, age } = worst
    const note = `oldest unhandled event is at ${Math.floor(age * 100)} % of the ${retentionDays} days retention of ${topic}`
    if (age >= warnFrom && !notes.has(task)) {
      logger.warn({ task, topic }, `${note}; Kafka deletes it after that`)
    }
    setIf(notes, age >= warnFrom, [task, note])
    setIf(problems, age >= refuseFrom, [task, note])
  }

  async function check(): Promise<void> {
    await Promise.all([...sources].map(([task, source]) => checkOne(task, source)))
  }

  const timer = setInterval(() => void check(), checkInterval).unref()
  return {
    check,
    notes: () => Object.fromEntries(notes),
    problems: () => Object.fromEntries(problems),
    stop: () => clearInterval(timer),
  }
}

function setIf(map: Map<string, string>, condition: boolean, [key, value]: [string, string]): void {
  if (condition) map.set(key, value)
  else map.delete(key)
}
