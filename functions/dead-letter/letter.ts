// Dead letters: the failed event with the reason of the failure as extensions, or an event of `unreadableType` in its place.
import {
  headersSize,
  type KeyedMessage,
  type Message,
  sizeOf,
  toMessage,
} from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { isStructured, NotAnEvent, readRecord } from '#kit/http/read-event.ts'
import type { FailedRecord } from './failed-record.ts'
import { unreadableEvent } from './unreadable.ts'

/** Bytes. A KafkaSink and a broker accept 1 MiB by default. */
export const maxLetterBytes = 1_000_000
/** Letters are not cut below this size, in bytes. A topic that refuses so little takes no event either. */
const minLetterBytes = 4000
/** Bytes. HTTP servers refuse requests with more than 8 or 16 KiB of headers. */
const maxHeaderBytes = 8000

/** The limit in bytes to try after the topic refused a letter as too large; undefined if `maxBytes` is already the smallest. */
export const smallerLetter = (maxBytes: number): number | undefined =>
  maxBytes > minLetterBytes ? Math.max(minLetterBytes, maxBytes / 4) : undefined

interface LetterOptions {
  maxBytes?: number
  /** Why the event cannot be the letter although it is readable. */
  refused?: string | undefined
}

export interface Letter {
  event: FormEvent
  /** The event as it is sent and stored. The body of a readable event stays as it was received. */
  message: KeyedMessage
}

/** `errors`: the extensions `knativeerrordest`, `knativeerrorcode` and `knativeerrordata`. Never throws. */
export function toLetter(
  record: FailedRecord,
  errors: Record<string, string>,
  { maxBytes = maxLetterBytes, refused }: LetterOptions = {},
): Letter {
  try {
    if (refused !== undefined) throw new NotAnEvent(refused)
    if (record.length !== undefined) throw new NotAnEvent(tooLarge(maxBytes, record.length))
    const event: FormEvent = { ...readRecord(record), ...errors }
    const message = toMessage(event, isStructured(record) ? undefined : record.body)
    checkSize(message, maxBytes)
    return letterOf(event, message)
  } catch (error) {
    // Messages of other errors may quote the record.
    const why = error instanceof NotAnEvent ? error.message : 'Expected a valid CloudEvent 1.0'
    const event = unreadableEvent(record, { maxBytes, why, errors })
    return letterOf(event, toMessage(event))
  }
}

const letterOf = (event: FormEvent, message: Message): Letter => ({
  event,
  message: { ...message, key: event.partitionkey },
})

function checkSize(message: Message, maxBytes: number): void {
  const [size, headers] = [sizeOf(message), headersSize(message.headers)]
  if (size > maxBytes) throw new NotAnEvent(tooLarge(maxBytes, size))
  if (headers > maxHeaderBytes) {
    throw new NotAnEvent(`${tooLarge(maxHeaderBytes, headers)} of headers`)
  }
}

const tooLarge = (maxBytes: number, found: number): string =>
  `Expected a letter of at most ${maxBytes} bytes, found ${found}`
