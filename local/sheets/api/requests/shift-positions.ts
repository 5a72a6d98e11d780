// Where rows or columns are after some were inserted, deleted or moved.

/** The new position of a row or column; undefined if it was deleted. */
export type Shift = (position: number) => number | undefined

export const shiftOnInsert =
  (at: number, count: number): Shift =>
  (position) =>
    position >= at ? position + count : position

export const shiftOnDelete =
  (start: number, end: number): Shift =>
  (position) => {
    if (position < start) return position
    return position < end ? undefined : position - (end - start)
  }

/** `to` is counted before the block is taken out. */
export const shiftOnMove =
  ({ start, end, to }: { start: number; end: number; to: number }): Shift =>
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

/** The span of what is left of a span. Rows that are inserted within it widen it. Undefined if all of it was deleted. */
export function spanAfter(start: number, end: number, shift: Shift): [number, number] | undefined {
  const left: number[] = []
  for (let position = start; position < end; position++) {
    const next = shift(position)
    if (next !== undefined) left.push(next)
  }
  return left.length === 0 ? undefined : [Math.min(...left), Math.max(...left) + 1]
}
