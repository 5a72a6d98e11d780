// Writes the dead letter of a record whose delivery failed for good.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { deadLetter } from '#kafka/events.ts'
import { type Log, TooLarge } from '#kafka/log/port.ts'
import type { Rules } from '#kit/delivery-rules.ts'
import { printable } from '#kit/printable.ts'
import type { FailedRecord } from '../../../functions/dead-letter/failed-record.ts'
import {
  type Letter,
  maxLetterBytes,
  smallerLetter,
  toLetter,
} from '../../../functions/dead-letter/letter.ts'
import type { UnwrittenLetters } from '../../../functions/dead-letter/unwritten-letters.ts'

export interface DeadLetterOptions {
  task: string
  /** Address of the task, as `knativeerrordest` of the letter. Default: `http://<task>.localhost/`. */
  dest?: string
  log: Pick<Log, 'append'>
  letters: UnwrittenLetters
  rules: Rules
  logger: Logger
}

/** The last response. `status` is undefined if there was none; `body` is the error message then. */
export interface Failure {
  status: number | undefined
  body: string
}

/** Bytes of the response that a letter keeps. */
const maxErrorBytes = 1024
/** Maximum pause between two attempts to write a letter, as a multiple of `rules.delay`. */
const maxPause = 30

/** Retries until the letter is durable, so that no event is lost. Rejects only if the signal aborts. */
export async function writeDeadLetter(
  record: FailedRecord,
  failure: Failure,
  options: DeadLetterOptions & { signal: AbortSignal },
): Promise<void> {
  const { task, log, logger, letters, rules, signal } = options
  const why = errorAttributes(failure, options)
  let maxBytes = maxLetterBytes
  let letter = toLetter(record, why, { maxBytes })
  const facts = { task, event: printable(letter.event.id) }
  logger.warn({ ...facts, status: failure.status }, 'dead letter')
  const waiting = {}
  try {
    for (let attempt = 1; ; attempt++) {
      const error = await append(log, letter)
      if (!error) return letters.worked()
      // Topics may accept less than they are declared with.
      const smaller = error instanceof TooLarge ? smallerLetter(maxBytes) : undefined
      if (smaller !== undefined) {
        maxBytes = smaller
        letter = toLetter(record, why, { maxBytes })
      } else {
        letters.failed(waiting, error, facts)
        await delay(Math.min(attempt, maxPause) * rules.delay, undefined, { signal })
      }
    }
  } finally {
    letters.over(waiting)
  }
}

const append = (log: Pick<Log, 'append'>, { message }: Letter): Promise<Error | undefined> =>
  log.append(deadLetter.name, message).then(
    () => undefined,
    (error) => error,
  )

const errorAttributes = (
  { status, body }: Failure,
  { task, dest = `http://${task}.localhost/` }: DeadLetterOptions,
): Record<string, string> => ({
  knativeerrordest: dest,
  knativeerrorcode: String(status ?? -1),
  knativeerrordata: Buffer.from(body).subarray(0, maxErrorBytes).toString('base64'),
})
