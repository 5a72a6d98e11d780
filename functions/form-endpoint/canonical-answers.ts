// The canonical form of accepted answers, from which the submission id is made. It depends on what was sent, not on the form, so
// that editing the form does not change it.

import { NumberLiteral } from '#kit/forms/field-parts/number-text.ts'
import { isMissing } from '#kit/forms/parse-answers.ts'

/** Possible names of fields. Other members are not answers: the product's own names and tokens of captchas. */
const fieldName = /^[a-zA-Z]\w*$/

/**
 * JSON with sorted names and no spaces, as RFC 8785 defines it. Numbers become text, texts are trimmed, and empty answers are left
 * out: `{"a":1,"b":""}` and `{"a":" 1 "}` are the same.
 */
export function canonicalAnswers(sent: object): string {
  const canonical: Record<string, unknown> = {}
  // RFC 8785 sorts by UTF-16 code units, as sort() does.
  for (const name of Object.keys(sent).sort()) {
    const value = (sent as Record<string, unknown>)[name]
    if (fieldName.test(name) && !isMissing(value)) canonical[name] = toText(value)
  }
  return JSON.stringify(canonical)
}

function toText(value: unknown): unknown {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return value.map(toText)
  if (value instanceof NumberLiteral) return String(Number(value.text))
  return String(value)
}
