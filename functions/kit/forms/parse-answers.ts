// Checks a person's answers by the fields of a form.
import { shown } from '../printable.ts'
import { kindOf } from './compile/describe-issue.ts'
import type { Fields } from './field.ts'
import { isBlank } from './field-parts/visible-text.ts'
import type { Value } from './field-type.ts'

export type Parsed =
  | { ok: true; answers: Record<string, Value> }
  /** A message for each field; what is wrong with the answers as a whole is under `_form`. */
  | { ok: false; errors: Record<string, string> }

const maxUnknown = 20
const maxName = 64

export function parseAnswers(fields: Fields, given: unknown): Parsed {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { ok: false, errors: { _form: `Expected an object of answers, found ${kindOf(given)}` } }
  }
  const answers: Record<string, Value> = {}
  const errors = unknownIn(fields, given)
  for (const name in fields) {
    const field = fields[name]!
    const value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined
    if (isMissing(value)) {
      if (field.required) errors[name] = 'Is required'
      continue
    }
    const result = field.check(value)
    if (result.ok) answers[name] = result.value
    else errors[name] = result.message
  }
  return Object.keys(errors).length === 0 ? { ok: true, answers } : { ok: false, errors }
}

/** What is of no form is refused, so that an answer under a misspelt name is not lost. */
function unknownIn(fields: Fields, given: object): Record<string, string> {
  const unknown = Object.entries(given).filter(
    ([name, value]) => !(name in fields) && !isIgnored(name, value),
  )
  const names = unknown.slice(0, maxUnknown).map(([name]) => shown(name, maxName))
  return Object.fromEntries(names.map((name) => [name, 'Unknown field']))
}
const names = new Set([
  // Buttons, which browsers send as fields.
  ...['submit', 'button', 'reset'],
  // The tokens of captchas.
  ...['g-recaptcha-response', 'h-captcha-response', 'cf-turnstile-response'],
])

/** Names that begin with `_` are the product's own. That also keeps `__proto__` out. */
export function isIgnored(name: string, value: unknown): boolean {
  if (name.startsWith('_') || name.startsWith('utm_') || names.has(name)) return true
  return isMissing(value) || (Array.isArray(value) && value.length === 0)
}

/** As HTML forms send an input that was left empty, or not at all; null is JSON for the same. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value))
}
