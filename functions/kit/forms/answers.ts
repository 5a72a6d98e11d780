// Checks a person's answers by the fields of a form.
import type { Value } from './field.ts'
import type { Fields } from './form-fields.ts'
import { kindOf } from './message.ts'
import { isBlank } from './visible.ts'

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
    if (isAbsent(value)) {
      if (field.required) errors[name] = 'Is required'
      continue
    }
    const result = field.check(value)
    if (result.ok) answers[name] = result.value
    else errors[name] = result.message
  }
  return Object.keys(errors).length === 0 ? { ok: true, answers } : { ok: false, errors }
}

/** Names that begin with `_` are the product's own. That also keeps `__proto__` out. */
function unknownIn(fields: Fields, given: object): Record<string, string> {
  const names = Object.keys(given).filter((name) => !(name in fields) && !name.startsWith('_'))
  const shown = names.slice(0, maxUnknown).map((name) => name.slice(0, maxName))
  return Object.fromEntries(shown.map((name) => [name, 'Unknown field']))
}

/** As HTML forms send an input that was left empty, or not at all. */
function isAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isBlank(value))
}
