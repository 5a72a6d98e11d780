// A record of the dead letters, as a replay sees it: which task failed and why, and what is sent to it again.
import { createHash } from 'node:crypto'
import type { FormEvent } from '#kafka/define-event.ts'
import type { LogRecord } from '#kafka/log/port.ts'
import { type Came, type Unreadable, unreadableType } from '#kit/dead-letters/letter.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { shown } from '#kit/printable.ts'

export interface DeadLetter {
  /** Partition and offset, by which a person names it. */
  place: string
  /** With what it holds: a topic that was made anew has the same places for other letters. */
  key: string
  /** Undefined where the letter does not say. */
  task: string | undefined
  /** Where the task was reached. */
  dest: string | undefined
  id: string
  type: string | undefined
  form: string | undefined
  /** Why it is dead. */
  reason: string
  /** Why it cannot be sent; undefined where it can. */
  unreadable: string | undefined
  /** The event as it was before it failed. */
  came: Came
}

export function toDeadLetter(record: LogRecord): DeadLetter {
  const { headers, partition, offset } = record
  const place = `${partition}/${offset}`
  const dest = headers['ce-knativeerrordest']
  const event = eventOf(record)
  return {
    place,
    key: `${place}/${digestOf(record)}`,
    task: taskOf(headers),
    dest,
    id: headers['ce-id'] ?? '',
    type: headers['ce-type'],
    form: headers['ce-form'],
    reason: shown(reasonOf(headers), mostReason),
    unreadable: unreadableIn(record, event),
    came: { ...record, headers: withoutError(headers) },
  }
}

function eventOf(record: LogRecord): FormEvent | Error {
  try {
    return readRecord(record)
  } catch (error) {
    return error as Error
  }
}

function unreadableIn({ headers }: LogRecord, event: FormEvent | Error): string | undefined {
  if (event instanceof Error) return shown(event.message)
  if (event.type === unreadableType)
    return shown(explained(event.data as Partial<Unreadable>), mostReason)
  if (!taskOf(headers)) return 'Expected knativeerrordest to name the task that failed, found none'
  return undefined
}

/** And where the whole record lies, where the letter holds a part of it. */
function explained({ why, record, complete }: Partial<Unreadable>): string {
  const text = why ?? 'A record that is no event'
  if (complete !== false) return text
  const { topic = '', partition = '?', offset = '?' } = record ?? {}
  return `${text}; cut, the whole is ${topic} ${partition}/${offset}`
}

const digestOf = ({ headers, body }: LogRecord): string =>
  createHash('sha256')
    .update(JSON.stringify([headers, body]))
    .digest('base64url')
    .slice(0, 16)

/** `http://<task>.…/`: the same in a cluster, where the host is the Service's. */
export const taskOf = (headers: Record<string, string>): string | undefined => {
  const dest = headers['ce-knativeerrordest']
  return dest && URL.canParse(dest) ? new URL(dest).hostname.split('.')[0] : undefined
}

const reasonOf = (headers: Record<string, string>): string => {
  const data = Buffer.from(headers['ce-knativeerrordata'] ?? '', 'base64').toString()
  return `${headers['ce-knativeerrorcode'] ?? ''} ${data}`.trim()
}

/** Characters. What failed had 1,024 bytes to say why. */
const mostReason = 1_000

const errorHeaders = new Set(['ce-knativeerrordest', 'ce-knativeerrorcode', 'ce-knativeerrordata'])

const withoutError = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !errorHeaders.has(name)))
