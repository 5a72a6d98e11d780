/** A rectangle of cells: zero-based and half open, as Google's GridRange. */
export type Box = { top: number; left: number; bottom: number; right: number }

export const isOneCell = ({ top, left, bottom, right }: Box): boolean =>
  bottom - top === 1 && right - left === 1

export const hasCell = ({ top, left, bottom, right }: Box, row: number, column: number): boolean =>
  row >= top && row < bottom && column >= left && column < right

export const overlaps = (one: Box, other: Box): boolean =>
  one.top < other.bottom &&
  other.top < one.bottom &&
  one.left < other.right &&
  other.left < one.right

export const contains = (outer: Box, inner: Box): boolean =>
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom &&
  inner.left >= outer.left &&
  inner.right <= outer.right
