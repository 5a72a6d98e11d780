// Google's `spreadsheets.batchUpdate`: requests that take effect together or not at all.
import * as z from 'zod'
import { dimensionRequests } from './dimension-requests.ts'
import { check, GoogleError, invalid } from './google-error.ts'
import { metadataRequests } from './metadata-requests.ts'
import type { Request } from './request.ts'
import type { Book } from './store.ts'
import { tabRequests } from './tab-requests.ts'

const kinds: Record<string, Request> = { ...tabRequests, ...dimensionRequests, ...metadataRequests }
const requests = z.object({
  requests: z
    .array(z.record(z.string(), z.unknown()))
    .min(1, { error: 'Must specify at least one request.' }),
})

export function batchUpdate(book: Book, body: unknown) {
  const replies = check(requests, body).requests.map((entry, n) => {
    const [kind, ...others] = Object.keys(entry)
    const run = kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (!run || others.length) {
      const known = Object.keys(kinds).join(', ')
      throw invalid(
        `Invalid requests[${n}]: expected one of ${known}, found ${Object.keys(entry).join(', ')}`,
      )
    }
    try {
      return run(book, entry[kind!])
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error
      throw invalid(`Invalid requests[${n}].${kind}: ${error.message.replace(/^Invalid /, '')}`)
    }
  })
  return { spreadsheetId: book.id, replies }
}
