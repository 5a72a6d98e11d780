// A record of the dead-letter topic as a replay needs it: the task that failed, the reason, and the original event.
import { createHash } from 'node:crypto'
import type { FormEvent } from '#kafka/define-event.ts'
import type { LogRecord } from '#kafka/log/port.ts'
import { failedTask } from '#kit/dead-letters.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { printable } from '#kit/printable.ts'
import type { FailedRecord } from '../../../functions/dead-letter/failed-record.ts'
import { type Unreadable, unreadableType } from '../../../functions/dead-letter/unreadable.ts'

export interface DeadLetter {
  /** `<partition>/<offset>`, the name of the letter for operators. */
  position: string
  /** The position with a hash of the content: after a topic was recreated, other letters have the same positions. */
  key: string
  /** Undefined if the letter names none. */
  task: string | undefined
  /** Address of the task (`knativeerrordest`). */
  dest: string | undefined
  id: string
  type: string | undefined
  form: string | undefined
  /** Status and response of the last delivery. */
  reason: string
  /** Why the letter cannot be sent; undefined if it can. */
  unreadable: string | undefined
  /** The event without the error attributes. */
  original: FailedRecord
}

/** For the output of commands. Control characters are escaped, because anybody may have written the letter. */
export interface LetterSummary {
  task: string | undefined
  position: string
  id: string
  type: string | undefined
  form: string | undefined
  reason: string
}

export function toDeadLetter(record: LogRecord): DeadLetter {
  const { headers, partition, offset } = record
  const position = `${partition}/${offset}`
  return {
    position,
    key: `${position}/${digestOf(record)}`,
    task: taskOf(headers),
    dest: headers['ce-knativeerrordest'],
    id: headers['ce-id'] ?? '',
    type: headers['ce-type'],
    form: headers['ce-form'],
    reason: printable(reasonOf(headers), maxReason),
    unreadable: unreadableReason(record),
    original: { ...record, headers: withoutErrorAttributes(headers) },
  }
}

export const summaryOf = (letter: DeadLetter): LetterSummary => ({
  task: printableIfAny(letter.task),
  position: letter.position,
  id: printable(letter.id),
  type: printableIfAny(letter.type),
  form: printableIfAny(letter.form),
  reason: letter.unreadable ? `${letter.unreadable}; ${letter.reason}` : letter.reason,
})

const printableIfAny = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : printable(text)

function unreadableReason(record: LogRecord): string | undefined {
  let event: FormEvent
  try {
    event = readRecord(record)
  } catch (error) {
    return printable((error as Error).message)
  }
  if (event.type === unreadableType) {
    return printable(wrappedReason(event.data as Partial<Unreadable>), maxReason)
  }
  if (taskOf(record.headers)) return undefined
  return 'Expected knativeerrordest to name the task that failed, found none'
}

/** Includes the position of the whole record if the letter holds only a part of it. */
function wrappedReason({ why, record, complete }: Partial<Unreadable>): string {
  const text = why ?? 'A record that is not an event'
  if (complete !== false) return text
  const { topic = '', partition = '?', offset = '?' } = record ?? {}
  return `${text}; cut, the whole is ${topic} ${partition}/${offset}`
}

const digestOf = ({ headers, body }: LogRecord): string =>
  createHash('sha256')
    .update(JSON.stringify([headers, body]))
    .digest('base64url')
    .slice(0, 16)

export const taskOf = (headers: Record<string, string>): string | undefined =>
  failedTask(headers['ce-knativeerrordest'])

const reasonOf = (headers: Record<string, string>): string => {
  const data = Buffer.from(headers['ce-knativeerrordata'] ?? '', 'base64').toString()
  return `${headers['ce-knativeerrorcode'] ?? ''} ${data}`.trim()
}

/** Characters. Letters keep the first 1,024 bytes of a response. */
const maxReason = 1_000

const errorHeaders = new Set(['ce-knativeerrordest', 'ce-knativeerrorcode', 'ce-knativeerrordata'])

const withoutErrorAttributes = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !errorHeaders.has(name)))
