// What happens to positions along rows or columns where some are inserted, deleted or moved. Pure.

/** Where a row or column is afterwards; undefined where it was deleted. */
export type Moved = (position: number) => number | undefined

export const inserted =
  (at: number, count: number): Moved =>
  (position) =>
    position >= at ? position + count : position

export const deleted =
  (start: number, end: number): Moved =>
  (position) => {
    if (position < start) return position
    return position < end ? undefined : position - (end - start)
  }

/** `to`: as counted before the block is taken out. */
export const moved =
  ({ start, end, to }: { start: number; end: number; to: number }): Moved =>
  (position) => {
    const length = end - start
    const inBlock = position >= start && position < end
    if (to >= end) {
      if (inBlock) return position + (to - end)
      return position >= end && position < to ? position - length : position
    }
    if (inBlock) return position - (start - to)
    return position >= to && position < start ? position + length : position
  }

/** The span of what is left of it: rows that are inserted within widen it. */
export function spanAfter(start: number, end: number, move: Moved): [number, number] | undefined {
  const left: number[] = []
  for (let position = start; position < end; position++) {
    const next = move(position)
    if (next !== undefined) left.push(next)
  }
  return left.length === 0 ? undefined : [Math.min(...left), Math.max(...left) + 1]
}
