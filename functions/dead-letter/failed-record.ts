// A record that a task did not handle.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { Message } from '#kafka/binary-mode.ts'
import { eventHeaders } from '#kit/http/read-event.ts'

export interface FailedRecord extends Message {
  /** Position of the record, where it is known. */
  topic?: string
  partition?: number
  offset?: number
  /** Bytes of the whole body; set if only its beginning was kept. */
  length?: number
}

/** `bytes`: the beginning of the posted body; `length`: bytes of the whole body. */
export function toFailedRecord(
  posted: IncomingHttpHeaders,
  { bytes, length }: { bytes: Buffer; length: number },
): FailedRecord {
  return {
    headers: eventHeaders(posted),
    body: bytes.toString(),
    ...(!isUtf8(bytes) && { bytes }),
    ...(length > bytes.length && { length }),
  }
}

const errorNames = ['knativeerrordest', 'knativeerrorcode', 'knativeerrordata']

/** Characters of one extension. A dispatcher sends at most 1,024 bytes in base64. */
const maxErrorLength = 2000

/** The extensions in which a dispatcher describes the failure. */
export const errorExtensions = ({ headers }: FailedRecord): Record<string, string> =>
  Object.fromEntries(
    errorNames.flatMap((name) => {
      const value = headers[`ce-${name}`]
      return value ? [[name, value.slice(0, maxErrorLength)]] : []
    }),
  )
