// Checks a person's answers by the fields of a form.
import { printable } from '../printable.ts'
import { kindOf } from './describe-issue.ts'
import type { Value } from './field.ts'
import { isIgnored, isMissing } from './files/ignored.ts'
import type { Fields } from './form-fields.ts'

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
  const names = unknown.slice(0, maxUnknown).map(([name]) => printable(name, maxName))
  return Object.fromEntries(names.map((name) => [name, 'Unknown field']))
}
