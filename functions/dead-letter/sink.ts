// Publishes dead letters to the KafkaSink of forms.dead-letter. A letter that the sink refuses is made smaller or wrapped.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Message } from '#kafka/binary-mode.ts'
import { EventClient } from '#kafka/event-client.ts'
import { LogUnavailable } from '#kafka/log/port.ts'
import { type AddToken, senderToken } from '#kit/http/sender-token.ts'
import { printable } from '#kit/printable.ts'
import { sinkNotSet } from '#kit/publish.ts'
import { errorExtensions, type FailedRecord } from './failed-record.ts'
import { maxLetterBytes, smallerLetter, toLetter } from './letter.ts'
import type { CountLetter } from './metrics.ts'
import { unreadableType } from './unreadable.ts'
import { UnwrittenLetters } from './unwritten-letters.ts'

export interface Sink {
  /** False if the letter could not be published in time: the dispatcher has to send it again. */
  publish: (record: FailedRecord) => Promise<boolean>
  /** Why letters cannot be published; undefined if they can. */
  problem: () => string | undefined
  /** Number of letters that could not be published yet. */
  waiting: () => number
  close: () => Promise<void>
}

interface SinkOptions {
  url: string | undefined
  log: Logger
  count: CountLetter
  /** Time limit for all attempts at one letter, ms. A dispatcher waits for 60 seconds. */
  timeLimit?: number
  /** Between two attempts, ms. */
  pause?: number
  addToken?: AddToken
}

/** Time limit for one attempt, ms. */
const deadline = 10_000
const maxConnections = 64

export function openSink(options: SinkOptions): Sink {
  const { url, log, count, timeLimit = 40_000, pause = 1000, addToken = senderToken() } = options
  if (!url) {
    log.warn(sinkNotSet)
    return {
      publish: async () => false,
      problem: () => sinkNotSet,
      waiting: () => 0,
      close: async () => {},
    }
  }
  const client = new EventClient(url, maxConnections)
  const send: Send = (message) =>
    addToken(message)
      .then((signed) => client.post(signed, deadline))
      .then(({ status }) => status)
      .catch((error: Error) => error.message)
  const letters = new UnwrittenLetters(log)
  const attempts = { send, log, count, letters, timeLimit, pause }
  return {
    async publish(record) {
      const written = await publishWithRetries(record, attempts).finally(() => letters.over(record))
      if (written) letters.worked()
      return written
    },
    problem: () => letters.problem(),
    waiting: () => letters.waiting,
    close: () => client.close(),
  }
}

/** The status of the answer, or what went wrong. */
type Send = (message: Message) => Promise<number | string>

interface Attempts {
  send: Send
  log: Logger
  count: CountLetter
  letters: UnwrittenLetters
  timeLimit: number
  pause: number
}

async function publishWithRetries(record: FailedRecord, attempts: Attempts): Promise<boolean> {
  const { send, log, count, letters, timeLimit, pause } = attempts
  const until = performance.now() + timeLimit
  for (let limits: Limits = { maxBytes: maxLetterBytes }; ; ) {
    const letter = toLetter(record, errorExtensions(record), limits)
    const event = printable(letter.event.id)
    const answer = await send(letter.message)
    if (typeof answer === 'number' && answer < 300) {
      const kind = letter.event.type === unreadableType ? 'unreadable' : 'event'
      log.warn({ event, kind }, 'dead letter')
      count(kind)
      return true
    }
    const next = limitsAfter(answer, limits)
    if (!next && performance.now() > until) {
      log.error({ event, answer }, 'dead letter not written')
      return false
    }
    if (!next) {
      const reason = `The KafkaSink of the dead letters answered ${answer}`
      letters.failed(record, new LogUnavailable(reason, { begun: true }), { event })
      await delay(pause)
    }
    limits = next ?? limits
  }
}

interface Limits {
  maxBytes: number
  /** Set if the sink does not accept the event itself. */
  refused?: string
}

/** How to build the letter after this answer; undefined if the same letter may succeed later. */
function limitsAfter(answer: number | string, limits: Limits): Limits | undefined {
  if ((answer === 400 || answer === 415) && !limits.refused) {
    return { ...limits, refused: 'Expected an event that a KafkaSink takes' }
  }
  const maxBytes = answer === 413 ? smallerLetter(limits.maxBytes) : undefined
  return maxBytes === undefined ? undefined : { ...limits, maxBytes }
}
