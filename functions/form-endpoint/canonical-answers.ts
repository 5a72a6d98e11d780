// The canonical form of answers that were accepted: what was sent, not what a form made of it, so no edit of a form changes it.
import { isMissing } from '#kit/forms/files/ignored.ts'
import { NumberLiteral } from '#kit/forms/number-text.ts'

// What a field of some form could be named. The rest is no answer: the product's own names, tokens of captchas.
const fieldName = /^[a-zA-Z]\w*$/

/**
 * JSON as RFC 8785 has it, with sorted names and without spaces. A number and its text say the same, and so does a text
 * with spaces around it; an answer that is empty was not given.
 */
export function canonicalAnswers(sent: object): string {
  const canonical: Record<string, unknown> = {}
  // Sorted by code units, as RFC 8785 says.
  for (const name of Object.keys(sent).sort()) {
    const value = (sent as Record<string, unknown>)[name]
    if (fieldName.test(name) && !isMissing(value)) canonical[name] = plain(value)
  }
  return JSON.stringify(canonical)
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof NumberLiteral) return String(Number(value.text))
  return String(value)
}
