// The local source, in the place of a KafkaSource: reads a topic for a task and delivers each event over HTTP by its rules.
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CloudEvent } from 'cloudevents'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/event.ts'
import { deadLetter } from '#kafka/events.ts'
import type { Consumer, Log } from '#kafka/log.ts'
import { fromMessage, type Message } from '#kafka/wire.ts'
import { Outage } from '../outage.ts'
import type { Answer } from './function-process.ts'
import { healthOf } from './health.ts'
import { judge, type Rules } from './rules.ts'
import { skipped, UnderWay } from './under-way.ts'

/** Delivers once. Rejects where there is no answer. */
export type Post = (headers: Record<string, string>, body: string) => Promise<Answer>

export interface SourceOptions {
  task: string
  topic: string
  log: Log
  post: Post
  rules: Rules
  logger: Logger
}

export interface Source {
  topic: string
  lag: Consumer['lag']
  /** Why nothing comes from the topic; undefined while all is well. */
  problem: () => string | undefined
  /** The record is a dead letter now, and the offset passes it. Rejects where the task does not stand at it. */
  skip: (partition: number, offset: number) => Promise<void>
  /** Delivers one record now, by the rules; what fails for good goes to the dead letters. True where it was handled. */
  deliver: (record: Message, retries?: number) => Promise<boolean>
  /** Waits for the deliveries under way, gives up the waits between retries: those events come again. */
  close: () => Promise<void>
}

export async function startSource(given: SourceOptions): Promise<Source> {
  const { task, topic, log, rules } = given
  const closing = new AbortController()
  const letters = new Outage(given.logger, {
    failing: 'dead letters are not written yet',
    working: 'dead letters are written again',
  })
  const options: Delivering = { ...given, letters }
  const underWay = new UnderWay()
  const health = healthOf(options)
  const park = (record: Message) =>
    giveUp(record, { status: undefined, body: skipped.message }, options, closing.signal)

  const consumer = await log.consume({
    topic,
    group: task,
    from: 'earliest',
    inFlight: rules.inFlight,
    onProblem: health.tell,
    handle: (record) =>
      underWay.run(record, async (signal) => {
        try {
          await deliverByRules(record, options, signal)
        } catch (error) {
          if (signal.reason !== skipped) throw error
          await park(record)
        }
      }),
  })
  return {
    topic,
    lag: () => consumer.lag(),
    problem: health.problem,
    async skip(partition, offset) {
      if (underWay.skip({ partition, offset })) return
      await consumer.skip(partition, offset)
      const place = { topic, partition: String(partition), offset: String(offset) }
      await park({ headers: place, body: '' })
    },
    deliver: (record, retries = rules.retries) =>
      deliverByRules(record, { ...options, rules: { ...rules, retries } }, closing.signal),
    async close() {
      closing.abort()
      underWay.close(closing.signal.reason)
      await consumer.close()
    },
  }
}

interface Delivering extends SourceOptions {
  letters: Outage
}

async function deliverByRules(
  record: Message,
  options: Delivering,
  signal: AbortSignal,
): Promise<boolean> {
  const { rules, post } = options
  for (let retry = 0; ; retry++) {
    signal.throwIfAborted()
    const answer = await post(record.headers, record.body).catch(noAnswer)
    const verdict = judge(answer.status)
    if (verdict === 'done') return true
    if (verdict === 'final' || retry >= rules.retries) {
      await giveUp(record, answer, options, signal)
      return false
    }
    await delay((retry + 1) * rules.delay, undefined, { signal })
  }
}

type Failure = { status: number | undefined; body: string }

const noAnswer = (error: Error): Failure => ({ status: undefined, body: error.message })

/** Nothing is dropped: until the dead letter is durable, the event is not settled. */
async function giveUp(
  record: Message,
  failure: Failure,
  { task, log, logger, letters, rules }: Delivering,
  signal: AbortSignal,
): Promise<void> {
  const event = letterOf(record, {
    knativeerrordest: `http://${task}.localhost/`,
    knativeerrorcode: String(failure.status ?? -1),
    knativeerrordata: Buffer.from(failure.body).subarray(0, 1024).toString('base64'),
  })
  logger.warn({ task, event: event.id, status: failure.status }, 'dead letter')
  for (let tries = 1; ; tries++) {
    try {
      await log.append(deadLetter.name, event)
      return letters.worked()
    } catch (error) {
      letters.failed('error', error, { task, event: event.id })
      await delay(Math.min(tries, 30) * rules.delay, undefined, { signal })
    }
  }
}

/** Characters. The whole record stays in its topic. */
const mostUnreadable = 100_000

/** The event with why; what cannot be read as an event lies in one, as it came. */
function letterOf(record: Message, why: Record<string, string>): FormEvent {
  try {
    const event = fromMessage(record.headers, record.body)
    const partitionkey = event.partitionkey ?? event.subject ?? event.id
    return event.cloneWith({ partitionkey, ...why }) as FormEvent
  } catch {
    // Escaped in JSON it may grow sixfold; a letter that no log takes would hold its partition for ever.
    const data = { headers: record.headers, body: record.body.slice(0, mostUnreadable) }
    const id = createHash('sha256').update(JSON.stringify(data)).digest('hex')
    return new CloudEvent<unknown>({
      id,
      type: 'formstream.record.unreadable',
      source: '/topics',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      partitionkey: id,
      data,
      ...why,
    }) as FormEvent
  }
}
