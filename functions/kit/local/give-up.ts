// Writes the dead letter of a record that was refused for good, or that no retry could save.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { deadLetter } from '#kafka/events.ts'
import { TooLarge } from '#kafka/log.ts'
import { type Came, lessThan, letterOf, mostBytes } from '../letter.ts'
import { Outage } from '../outage.ts'
import { shown } from '../shown.ts'
import type { Delivering } from './source.ts'

/** No status where there was no answer. */
export type Failure = { status: number | undefined; body: string }

export const watchLetters = (logger: Logger): Outage =>
  new Outage(logger, {
    failing: 'dead letters are not written yet',
    working: 'dead letters are written again',
  })

/** Nothing is dropped: until the dead letter is durable, the event is not settled. */
export async function giveUp(
  record: Came,
  failure: Failure,
  { task, dest = `http://${task}.localhost/`, log, logger, letters, rules, signal }: Given,
): Promise<void> {
  const why = {
    knativeerrordest: dest,
    knativeerrorcode: String(failure.status ?? -1),
    knativeerrordata: Buffer.from(failure.body).subarray(0, 1024).toString('base64'),
  }
  let most = mostBytes
  for (let tries = 1; ; tries++) {
    const { event, message } = letterOf(record, why, { most })
    const said = { task, event: shown(event.id) }
    if (tries === 1) logger.warn({ ...said, status: failure.status }, 'dead letter')
    try {
      await log.append(deadLetter.name, event, message.body)
      return letters.worked()
    } catch (error) {
      // A topic may take less than it is declared with.
      const less = error instanceof TooLarge ? lessThan(most) : undefined
      if (less !== undefined) {
        most = less
        continue
      }
      letters.failed('error', error, said)
      await delay(Math.min(tries, 30) * rules.delay, undefined, { signal })
    }
  }
}

type Given = Delivering & { signal: AbortSignal }
