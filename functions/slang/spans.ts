// Spans of a normalised text, and matches of terms in it.

export type Span = { start: number; end: number; text: string }
export type Match = { start: number; end: number; term: string }

export const spansOf = (text: string, pattern: RegExp): Span[] =>
  Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    text: found,
  }))

export const matchAt = (span: Pick<Span, 'start' | 'end'>, term: string | undefined): Match[] =>
  term === undefined ? [] : [{ start: span.start, end: span.end, term }]

/** The span without what the pattern matches at its ends. */
export function trim(span: Span, pattern: RegExp): Span {
  const edges = [...span.text.matchAll(pattern)]
  const before = edges.find(({ index }) => index === 0)?.[0].length ?? 0
  const after = edges.find(({ index }) => index > 0)?.[0].length ?? 0
  const text = span.text.slice(before, span.text.length - after)
  return { start: span.start + before, end: span.end - after, text }
}
