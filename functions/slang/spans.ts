// Stretches of a normalised text, and what was found in one.

export type Piece = { start: number; end: number; text: string }
export type Match = { start: number; end: number; term: string }

export const pieces = (text: string, pattern: RegExp): Piece[] =>
  Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    text: found,
  }))

export const match = (piece: Pick<Piece, 'start' | 'end'>, term: string | undefined): Match[] =>
  term === undefined ? [] : [{ start: piece.start, end: piece.end, term }]

/** The piece without what the pattern finds at its ends. */
export function trim(piece: Piece, pattern: RegExp): Piece {
  const edges = [...piece.text.matchAll(pattern)]
  const before = edges.find(({ index }) => index === 0)?.[0].length ?? 0
  const after = edges.find(({ index }) => index > 0)?.[0].length ?? 0
  const text = piece.text.slice(before, piece.text.length - after)
  return { start: piece.start + before, end: piece.end - after, text }
}
