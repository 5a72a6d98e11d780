// The requests that merge cells and take merges apart.
import * as z from 'zod'
import { contains, overlaps } from '../../store/merged-cells.ts'
import type { Box } from '../a1.ts'
import { invalid } from '../google-error.ts'
import { boxOf, gridRange } from '../grid-range.ts'
import { request } from './define-request.ts'

const mergeCells = request(
  z.object({ range: gridRange, mergeType: z.literal('MERGE_ALL').default('MERGE_ALL') }),
  (book, { range }) => {
    const { tab, box } = boxOf(book, range)
    const { cells, merges } = book.store
    const others = merges.of(tab.key).filter((one) => overlaps(one, box))
    if (others.some((one) => !contains(box, one)))
      throw invalid('You must select all cells in a merged range to merge or unmerge them.')
    const kept = merges.of(tab.key).filter((one) => !others.includes(one))
    if (isOneCell(box)) return {}
    // The first value is kept, wherever it stands in the range.
    const [line] = cells.read(tab.key, box)
    const first = line?.cells.find((cell) => cell !== null) ?? null
    cells.clear(tab.key, box)
    cells.write(tab.key, box, [[first]])
    merges.set(tab.key, [...kept, box])
    return {}
  },
)

const unmergeCells = request(z.object({ range: gridRange }), (book, { range }) => {
  const { tab, box } = boxOf(book, range)
  const { merges } = book.store
  const all = merges.of(tab.key)
  if (all.some((one) => overlaps(one, box) && !contains(box, one)))
    throw invalid('You must select all cells in a merged range to merge or unmerge them.')
  merges.set(
    tab.key,
    all.filter((one) => !overlaps(one, box)),
  )
  return {}
})

export const mergeRequests = { mergeCells, unmergeCells }

const isOneCell = ({ top, left, bottom, right }: Box): boolean =>
  bottom - top === 1 && right - left === 1
