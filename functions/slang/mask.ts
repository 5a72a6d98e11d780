import type { Finding } from './analyse.ts'

/** Replaces each finding by its first character and stars. The text keeps its length. */
export function mask(text: string, findings: Finding[]): string {
  let masked = ''
  let at = 0
  for (const { start, end } of findings) {
    const first = String.fromCodePoint(text.codePointAt(start)!)
    masked += text.slice(at, start) + first + '*'.repeat(end - start - first.length)
    at = end
  }
  return masked + text.slice(at)
}
