// The local source, in the place of a KafkaSource: reads a topic for a task and delivers each event over HTTP by its rules.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Consumer, Log } from '#kafka/log.ts'
import type { Came } from '../letter.ts'
import type { Answer } from './function-process.ts'
import { type Failure, giveUp } from './give-up.ts'
import { judge, type Rules } from './rules.ts'

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
  lag: Consumer['lag']
  /** Delivers one record now, by the rules; what fails for good goes to the dead letters. True where it was handled. */
  deliver: (record: Came, retries?: number) => Promise<boolean>
  /** Waits for the deliveries under way, gives up the waits between retries: those events come again. */
  close: () => Promise<void>
}

export async function startSource(options: SourceOptions): Promise<Source> {
  const { task, topic, log, rules } = options
  const closing = new AbortController()
  const deliver = (record: Came, retries = rules.retries) =>
    deliverByRules(record, { ...options, rules: { ...rules, retries } }, closing.signal)
  const consumer = await log.consume({
    topic,
    group: task,
    from: 'earliest',
    inFlight: rules.inFlight,
    handle: async (record) => {
      await deliver(record)
    },
  })
  return {
    lag: () => consumer.lag(),
    deliver,
    async close() {
      closing.abort()
      await consumer.close()
    },
  }
}

/** True where it was handled; false where it is a dead letter. */
export async function deliverByRules(
  record: Came,
  options: DeliveryOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { rules, post } = options
  for (let retry = 0; ; retry++) {
    signal.throwIfAborted()
    const answer = await post(record.headers, record.bytes ?? record.body).catch(noAnswer)
    const verdict = judge(answer.status)
    if (verdict === 'done') return true
    if (verdict === 'final' || retry >= rules.retries) {
      await giveUp(record, answer, { ...options, signal })
      return false
    }
    await delay((retry + 1) * rules.delay, undefined, { signal })
  }
}

const noAnswer = (error: Error): Failure => ({ status: undefined, body: error.message })
