// What was posted, as a record: the headers of the event without those of the request, and the body as text or bytes.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { eventHeaders } from '#kit/http/read-event.ts'
import type { Came } from './letter.ts'

export function toCame(
  given: IncomingHttpHeaders,
  { bytes, length }: { bytes: Buffer; length: number },
): Came {
  return {
    headers: eventHeaders(given),
    body: bytes.toString(),
    ...(!isUtf8(bytes) && { bytes }),
    ...(length > bytes.length && { length }),
  }
}

const errors = ['knativeerrordest', 'knativeerrorcode', 'knativeerrordata']

/** Of a dispatcher's error each is 1,024 bytes at most, in base64. */
const mostError = 2000

/** What a dispatcher says of the failure, for an event that takes the record's place. */
export const errorsIn = ({ headers }: Came): Record<string, string> =>
  Object.fromEntries(
    errors.flatMap((name) => {
      const value = headers[`ce-${name}`]
      return value ? [[name, value.slice(0, mostError)]] : []
    }),
  )
