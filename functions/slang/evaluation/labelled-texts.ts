// Reads our own labelled texts. One half is for tuning, the other is held out and only measured.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Finding } from '../analyse.ts'

export type Half = 'tuned' | 'heldOut'
/** A text with the spans that must be found: none for an innocent text. */
export type Labelled = { text: string; spans: { start: number; end: number }[]; half: Half }

export type Score = {
  hits: number
  innocent: number
  /** Marked spans, and how many of them a finding touches. */
  spans: number
  found: number
  /** Findings that touch no marked span. */
  falseFindings: number
  precision: number
  recall: number
  missed: string[]
  wrong: string[]
}

/** Decided by a hash of the line, so that adding a text moves no other text between the halves. */
const halfOf = (line: string): Half =>
  createHash('sha256').update(line).digest()[0]! % 2 === 0 ? 'tuned' : 'heldOut'

function parse(line: string): Labelled {
  const spans: Labelled['spans'] = []
  let text = ''
  let start = 0
  for (const part of line.split(/([{}])/)) {
    if (part === '{') start = text.length
    else if (part === '}') spans.push({ start, end: text.length })
    else text += part
  }
  return { text, spans, half: halfOf(line) }
}

export function readLabelled(): Labelled[] {
  const lines = (name: string) =>
    readFileSync(new URL(`./labelled/${name}`, import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean)
  const innocent = lines('innocent.txt').map((text) => ({ text, spans: [], half: halfOf(text) }))
  return [...lines('hits.txt').map(parse), ...innocent]
}

const touches = (a: { start: number; end: number }, b: { start: number; end: number }) =>
  a.start < b.end && b.start < a.end

/** Precision over findings, recall over marked spans. */
export function score(texts: Labelled[], analyse: (text: string) => Finding[]): Score {
  const missed: string[] = []
  const wrong: string[] = []
  let right = 0
  for (const { text, spans } of texts) {
    const findings = analyse(text)
    for (const span of spans) if (!findings.some((f) => touches(f, span))) missed.push(text)
    for (const finding of findings) {
      if (spans.some((span) => touches(finding, span))) right++
      else wrong.push(`${text} [${finding.term}]`)
    }
  }
  const spans = texts.reduce((sum, { spans }) => sum + spans.length, 0)
  const found = spans - missed.length
  return {
    hits: texts.filter(({ spans }) => spans.length > 0).length,
    innocent: texts.filter(({ spans }) => spans.length === 0).length,
    spans,
    found,
    falseFindings: wrong.length,
    precision: right / (right + wrong.length),
    recall: found / spans,
    missed,
    wrong,
  }
}
