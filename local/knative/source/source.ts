// The local equivalent of a KafkaSource: reads the topics of one task and delivers each event to it over HTTP.
import type { Logger } from 'pino'
import type { Consumer, Log, LogRecord } from '#kafka/log/port.ts'
import type { FailedRecord } from '../../../functions/dead-letter/failed-record.ts'
import { UnwrittenLetters } from '../../../functions/dead-letter/unwritten-letters.ts'
import { type DeliveryOptions, deliverWithRetries } from './deliver-with-retries.ts'
import { DeliverySlots } from './delivery-slots.ts'
import { InFlight, type Position, skippedByHand } from './in-flight.ts'
import { writeDeadLetter } from './write-dead-letter.ts'

export interface SourceOptions extends Omit<DeliveryOptions, 'letters' | 'slots' | 'log'> {
  topics: readonly string[]
  log: Log
}

export interface Source {
  topics: readonly string[]
  lag: Consumer['lag']
  /** As of a consumer: of one topic, or of all. */
  oldest: (topic?: string) => Promise<number | undefined>
  /** Number of dead letters that cannot be written at present. */
  lettersWaiting: () => number
  /** Why the task receives no events or its dead letters cannot be written; undefined if neither is the case. */
  problem: () => string | undefined
  /** Writes the record to the dead letters and continues behind it. Rejects if the consumer is not at this record. */
  skip: (position: Position) => Promise<void>
  /** Delivers one record now, with retries. Returns false if it became a dead letter. */
  deliver: (record: FailedRecord, retries?: number) => Promise<boolean>
  /** Waits for running requests, but not between retries: those events are delivered again after the next start. */
  close: () => Promise<void>
}

export async function startSource(options: SourceOptions): Promise<Source> {
  const { task, topics, log, rules, logger } = options
  const closing = new AbortController()
  const letters = new UnwrittenLetters(logger)
  const delivery = { ...options, letters, slots: new DeliverySlots(rules.inFlight) }
  const inFlight = new InFlight()
  const letSkip = (record: FailedRecord) => writeSkipped(record, delivery, closing.signal)

  async function handle(record: LogRecord, signal: AbortSignal): Promise<void> {
    try {
      await deliverWithRetries(record, delivery, signal)
    } catch (error) {
      if (signal.reason !== skippedByHand) throw error
      await letSkip(record)
    }
  }

  async function read(topic: string, index: number): Promise<Reading> {
    const receiving = receivingState({ task, topic, logger })
    const consumer = await log.consume({
      topic,
      // A group has one topic, so only the first one has the name of the task.
      group: index === 0 ? task : `${task}.${topic}`,
      from: 'earliest',
      inFlight: rules.open,
      onProblem: receiving.report,
      handle: (record) => inFlight.run(record, (signal) => handle(record, signal)),
    })
    return { topic, consumer, problem: receiving.problem }
  }

  const readings = await Promise.all(topics.map(read))
  return {
    topics,
    lag: async () => sum(await Promise.all(readings.map(({ consumer }) => consumer.lag()))),
    oldest: async (topic) => {
      const asked = readings.filter((one) => topic === undefined || one.topic === topic)
      return earliest(await Promise.all(asked.map(({ consumer }) => consumer.oldest())))
    },
    lettersWaiting: () => letters.waiting,
    problem: () =>
      readings.map(({ problem }) => problem()).find((problem) => problem !== undefined) ??
      letters.problem(),
    async skip(position) {
      if (inFlight.skip(position)) return
      // The letter is written before the offset is committed. After a crash in between it is written again under the same id.
      const keep = () => letSkip({ ...position, headers: {}, body: '' })
      const reading = readings.find(({ topic }) => topic === position.topic)
      await reading?.consumer.skip({ ...position, keep })
    },
    deliver: (record, retries = rules.retries) =>
      deliverWithRetries(record, { ...delivery, rules: { ...rules, retries } }, closing.signal),
    async close() {
      closing.abort()
      inFlight.close(closing.signal.reason)
      await Promise.all(readings.map(({ consumer }) => consumer.close()))
    },
  }
}

/** One topic of a source. */
interface Reading {
  topic: string
  consumer: Consumer
  problem: () => string | undefined
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

const earliest = (times: (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

const writeSkipped = (
  record: FailedRecord,
  delivery: DeliveryOptions,
  signal: AbortSignal,
): Promise<void> =>
  writeDeadLetter(
    record,
    { status: undefined, body: skippedByHand.message },
    { ...delivery, signal },
  )

interface ReceivingState {
  /** Undefined while the consumer works. */
  problem: () => string | undefined
  report: (problem?: string) => void
}

/** Logs the first problem of the consumer and its recovery, not what happens in between. */
function receivingState({
  task,
  topic,
  logger,
}: {
  task: string
  topic: string
  logger: Logger
}): ReceivingState {
  let current: string | undefined
  return {
    problem: () => current,
    report(problem) {
      if (problem && !current) logger.error({ task, topic, problem }, 'not receiving events')
      if (!problem && current) logger.info({ task, topic }, 'receiving events again')
      current = problem
    },
  }
}
