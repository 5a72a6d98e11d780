// Google's `spreadsheets.batchUpdate`: all its requests take effect, or none.
import * as z from 'zod'
import type { Spreadsheet } from '../store/open-store.ts'
import { type FieldMask, selects } from './field-mask.ts'
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

/** `mask`: the fields of the response. If there is one, it decides about cells; responseIncludeGridData is ignored. */
export function batchUpdate(spreadsheet: Spreadsheet, body: unknown, mask: FieldMask = true) {
  const options = check(requests, body)
  const replies = runAll(spreadsheet, options.requests)
  const { includeSpreadsheetInResponse, responseRanges: ranges } = options
  if (!includeSpreadsheetInResponse || !selects(mask, ['updatedSpreadsheet']))
    return { spreadsheetId: spreadsheet.id, replies }
  const inner = mask === true ? mask : (mask.updatedSpreadsheet ?? true)
  const includeGridData = options.responseIncludeGridData
  const updatedSpreadsheet = getSpreadsheet(spreadsheet, { ranges, includeGridData, mask: inner })
  return { spreadsheetId: spreadsheet.id, replies, updatedSpreadsheet }
}

function runAll(spreadsheet: Spreadsheet, requests: Record<string, unknown>[]): object[] {
  return requests.map((entry, n) => {
    const [kind, ...others] = Object.keys(entry)
    const run = kind !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (!run || others.length) {
      const known = Object.keys(kinds).join(', ')
      throw invalid(
        `Invalid requests[${n}]: expected one of ${known}, found ${Object.keys(entry).join(', ')}`,
      )
    }
    try {
      return run(spreadsheet, entry[kind!])
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error
      throw invalid(`Invalid requests[${n}].${kind}: ${error.message.replace(/^Invalid /, '')}`)
    }
  })
}
