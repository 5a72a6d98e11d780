// Requests that merge and unmerge cells.
import * as z from 'zod'
import { contains, isOneCell, overlaps } from '../../store/box.ts'
import { invalid } from '../google-error.ts'
import { boxOf, gridRange } from '../grid-range.ts'
import { request } from './define-request.ts'

const mergeCells = request(
  z.object({ range: gridRange, mergeType: z.literal('MERGE_ALL').default('MERGE_ALL') }),
  (spreadsheet, { range }) => {
    const { tab, box } = boxOf(spreadsheet, range)
    const { cells, merges } = spreadsheet.store
    const others = merges.ofTab(tab.key).filter((one) => overlaps(one, box))
    if (others.some((one) => !contains(box, one)))
      throw invalid('You must select all cells in a merged range to merge or unmerge them.')
    const kept = merges.ofTab(tab.key).filter((one) => !others.includes(one))
    if (isOneCell(box)) return {}
    // The merge gets the first value of the range, whichever cell has it.
    const [row] = cells.read(tab.key, box)
    const first = row?.cells.find((cell) => cell !== null) ?? null
    cells.clear(tab.key, box)
    cells.write(tab.key, box, [[first]])
    merges.replace(tab.key, [...kept, box])
    return {}
  },
)

const unmergeCells = request(z.object({ range: gridRange }), (spreadsheet, { range }) => {
  const { tab, box } = boxOf(spreadsheet, range)
  const { merges } = spreadsheet.store
  const all = merges.ofTab(tab.key)
  if (all.some((one) => overlaps(one, box) && !contains(box, one)))
    throw invalid('You must select all cells in a merged range to merge or unmerge them.')
  merges.replace(
    tab.key,
    all.filter((one) => !overlaps(one, box)),
  )
  return {}
})

export const mergeRequests = { mergeCells, unmergeCells }
