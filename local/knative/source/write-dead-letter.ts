// Writes the dead letter of a record that was refused for good, or that no retry could save.
import { setTimeout as delay } from 'node:timers/promises'
import { deadLetter } from '#kafka/events.ts'
import { TooLarge } from '#kafka/log/port.ts'
import { type Came, lessThan, letterOf, mostBytes } from '#kit/dead-letters/letter.ts'
import { shown } from '#kit/printable.ts'
import type { Delivering } from './source.ts'

/** No status where there was no answer. */
export type Failure = { status: number | undefined; body: string }

/** Nothing is dropped: until the dead letter is durable, the event is not settled. It holds no slot meanwhile. */
export async function giveUp(record: Came, failure: Failure, given: Given): Promise<void> {
  const letter = {}
  try {
    await write(record, failure, { ...given, letter })
    given.letters.worked()
  } finally {
    given.letters.over(letter)
  }
}

async function write(
  record: Came,
  failure: Failure,
  {
    task,
    dest = `http://${task}.localhost/`,
    log,
    logger,
    letters,
    letter,
    rules,
    signal,
  }: Given & { letter: object },
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
      return await log.append(deadLetter.name, event, message.body)
    } catch (error) {
      // A topic may take less than it is declared with.
      const less = error instanceof TooLarge ? lessThan(most) : undefined
      if (less !== undefined) {
        most = less
        continue
      }
      letters.failed(letter, error as Error, said)
      await delay(Math.min(tries, 30) * rules.delay, undefined, { signal })
    }
  }
}

type Given = Delivering & { signal: AbortSignal }
