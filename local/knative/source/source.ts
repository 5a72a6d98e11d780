// The local source, in the place of a KafkaSource: reads a topic for a task and delivers each event over HTTP by its rules.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { formOf } from '#kafka/binary-mode.ts'
import type { Consumer, Log } from '#kafka/log/port.ts'
import type { Came } from '#kit/dead-letters/letter.ts'
import { Letters } from '#kit/dead-letters/unwritten-letters.ts'
import { judge, type Rules } from '#kit/delivery-rules.ts'
import type { Answer } from '../function-process.ts'
import { Slots } from './delivery-slots.ts'
import { healthOf } from './health.ts'
import { skipped, UnderWay } from './in-flight.ts'
import { type Failure, giveUp } from './write-dead-letter.ts'

/** Delivers once. Rejects where there is no answer. */
export type Post = (headers: Record<string, string>, body: string | Buffer) => Promise<Answer>

export interface DeliveryOptions {
  task: string
  /** What a dead letter names as the one that failed; this machine's task unless said. */
  dest?: string
  log: Pick<Log, 'append'>
  post: Post
  rules: Rules
  logger: Logger
}

export interface SourceOptions extends DeliveryOptions {
  topic: string
  log: Log
}

export interface Source {
  topic: string
  lag: Consumer['lag']
  oldest: Consumer['oldest']
  /** Dead letters that cannot be written now. */
  lettersWaiting: () => number
  /** Why nothing comes from the topic, or no dead letter can be written; undefined while all is well. */
  problem: () => string | undefined
  /** The record is a dead letter now, and the offset passes it. Rejects where the task does not stand at it. */
  skip: (partition: number, offset: number) => Promise<void>
  /** Delivers one record now, by the rules; what fails for good goes to the dead letters. True where it was handled. */
  deliver: (record: Came, retries?: number) => Promise<boolean>
  /** Waits for the deliveries under way, gives up the waits between retries: those events come again. */
  close: () => Promise<void>
}

export async function startSource(given: SourceOptions): Promise<Source> {
  const { task, topic, log, rules } = given
  const closing = new AbortController()
  const letters = new Letters(given.logger)
  const options: Delivering = { ...given, letters, slots: new Slots(rules.inFlight) }
  const underWay = new UnderWay()
  const health = healthOf(given)
  const park = (record: Came) =>
    giveUp(
      record,
      { status: undefined, body: skipped.message },
      { ...options, signal: closing.signal },
    )

  const consumer = await log.consume({
    topic,
    group: task,
    from: 'earliest',
    inFlight: rules.open,
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
    oldest: () => consumer.oldest(),
    lettersWaiting: () => letters.waiting,
    problem: () => health.problem() ?? letters.problem(),
    async skip(partition, offset) {
      if (underWay.skip({ partition, offset })) return
      // The letter first: if this ends between the two, it is written again under the same id, and the record is in no gap.
      const keep = () => park({ topic, partition, offset, headers: {}, body: '' })
      await consumer.skip({ partition, offset, keep })
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

export type Delivering = DeliveryOptions & { letters: Letters; slots: Slots }

/** True where it was handled; false where it is a dead letter. */
export async function deliverByRules(
  record: Came,
  options: Delivering,
  signal: AbortSignal,
): Promise<boolean> {
  const { rules } = options
  for (let retry = 0; ; retry++) {
    const answer = await deliverOnce(record, options, signal)
    const verdict = judge(answer.status)
    if (verdict === 'done') return true
    if (verdict === 'final' || retry >= rules.retries) {
      await giveUp(record, answer, { ...options, signal })
      return false
    }
    await delay((retry + 1) * rules.delay, undefined, { signal })
  }
}

/** A slot is held for the delivery alone: neither between two tries nor while a dead letter waits to be written. */
async function deliverOnce(
  record: Came,
  { post, slots }: Delivering,
  signal: AbortSignal,
): Promise<Failure> {
  const form = formOf(record)
  await slots.take(form, signal)
  const posted = post(record.headers, record.bytes ?? record.body)
  const answer: Failure & { busy?: number } = await posted.catch(noAnswer)
  slots.giveBack(form, answer.busy)
  return answer
}

const noAnswer = (error: Error): Failure => ({ status: undefined, body: error.message })
