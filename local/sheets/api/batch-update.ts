// Google's `spreadsheets.batchUpdate`: requests that take effect together or not at all.
import * as z from 'zod'
import type { Book } from '../store/open-store.ts'
import { type Mask, selects } from './field-mask.ts'
import { check, GoogleError, invalid } from './google-error.ts'
import { cellRequests } from './requests/cell-requests.ts'
import type { Request } from './requests/define-request.ts'
import { dimensionRequests } from './requests/dimension-requests.ts'
import { formatRequests } from './requests/format-requests.ts'
import { mergeRequests } from './requests/merge-requests.ts'
import { metadataRequests } from './requests/metadata-requests.ts'
import { tabRequests } from './requests/tab-requests.ts'
import { getSpreadsheet } from './spreadsheets.ts'

const kinds: Record<string, Request> = {
  ...tabRequests,
  ...dimensionRequests,
  ...metadataRequests,
  ...cellRequests,
  ...formatRequests,
  ...mergeRequests,
}
const requests = z.object({
  requests: z
    .array(z.record(z.string(), z.unknown()))
    .min(1, { error: 'Must specify at least one request.' }),
  includeSpreadsheetInResponse: z.boolean().default(false),
  responseRanges: z.array(z.string()).default([]),
  responseIncludeGridData: z.boolean().default(false),
})

/** `mask`: of the answer. With one it decides whether cells are answered, whatever responseIncludeGridData says. */
export function batchUpdate(book: Book, body: unknown, mask: Mask = true) {
  const asked = check(requests, body)
  const replies = runAll(book, asked.requests)
  const { includeSpreadsheetInResponse, responseRanges: ranges } = asked
  if (!includeSpreadsheetInResponse || !selects(mask, ['updatedSpreadsheet']))
    return { spreadsheetId: book.id, replies }
  const inner = mask === true ? mask : (mask.updatedSpreadsheet ?? true)
  const includeGridData = asked.responseIncludeGridData
  const updatedSpreadsheet = getSpreadsheet(book, { ranges, includeGridData, mask: inner })
  return { spreadsheetId: book.id, replies, updatedSpreadsheet }
}

function runAll(book: Book, all: Record<string, unknown>[]): object[] {
  return all.map((entry, n) => {
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
}
