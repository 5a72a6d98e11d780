// The request that sets the format of the numbers in a range.
import * as z from 'zod'
import { numberFormat } from '../../store/cell-values.ts'
import { invalid } from '../google-error.ts'
import { boxOf, gridRange } from '../grid-range.ts'
import { request } from './define-request.ts'

const cell = z.object({
  userEnteredFormat: z.object({ numberFormat: numberFormat.optional() }).optional(),
})

/** A field that the mask names and the cell lacks is cleared. */
const repeatCell = request(
  z.object({ range: gridRange, cell, fields: z.string() }),
  (spreadsheet, { range, cell: { userEnteredFormat }, fields }) => {
    if (fields !== 'userEnteredFormat.numberFormat')
      throw invalid(
        `This emulator repeats userEnteredFormat.numberFormat only, found the fields ${fields}`,
      )
    const { tab, box } = boxOf(spreadsheet, range)
    spreadsheet.store.cells.format(tab.key, box, userEnteredFormat?.numberFormat?.pattern)
    return {}
  },
)

export const formatRequests = { repeatCell }
