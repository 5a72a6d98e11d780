// Masks the found spans: of each, the first character stays and every other one becomes a star.
import type { Finding } from './analyse.ts'

/** The text with each finding as its first character and stars. */
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
