// Checks a person's answers against the fields of a form.
import { printable } from '../printable.ts'
import { kindOf } from './compile/describe-issue.ts'
import type { Fields } from './field.ts'
import { isBlank } from './field-parts/visible-text.ts'
import type { Value } from './field-type.ts'

export type Parsed =
  | { ok: true; answers: Record<string, Value> }
  /** A message for each field. A problem with the answers as a whole is under `_form`. */
  | { ok: false; errors: Record<string, string> }

const maxUnknown = 20
const maxName = 64

// Pages send these beside the answers: buttons, and the tokens of captchas.
const ignoredNames = new Set([
  ...['submit', 'button', 'reset'],
  ...['g-recaptcha-response', 'h-captcha-response', 'cf-turnstile-response'],
])

export function parseAnswers(fields: Fields, sent: unknown): Parsed {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    return { ok: false, errors: { _form: `Expected an object of answers, found ${kindOf(sent)}` } }
  }
  const answers: Record<string, Value> = {}
  const errors = unknownIn(fields, sent)
  for (const name in fields) {
    const field = fields[name]!
    const value = Object.hasOwn(sent, name) ? (sent as Record<string, unknown>)[name] : undefined
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

/** Unknown names are refused, so that an answer under a misspelt name is not lost. */
function unknownIn(fields: Fields, sent: object): Record<string, string> {
  const unknown = Object.keys(sent).filter(
    (name) => !(name in fields) && !isIgnored(name, (sent as Record<string, unknown>)[name]),
  )
  const names = unknown.slice(0, maxUnknown).map((name) => printable(name, maxName))
  return Object.fromEntries(names.map((name) => [name, 'Unknown field']))
}

/** Names that begin with `_` belong to the product. Ignoring them also excludes `__proto__`. */
function isIgnored(name: string, value: unknown): boolean {
  if (name.startsWith('_') || name.startsWith('utm_') || ignoredNames.has(name)) return true
  return isMissing(value) || (Array.isArray(value) && value.length === 0)
}

/** HTML forms send an empty input as empty text or not at all; JSON may have null. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value))
}
