// The attributes of a field's control. A browser applies them to what was typed, the form to normalised text: no valid answer may be
// blocked, so they are wider than the form's rules where the two differ.
import type { Field } from '#kit/forms/field.ts'
import { attemptsOf } from '#kit/forms/patterns/cost.ts'
import { autocompleteOf } from './autocomplete.ts'

type Attributes = Record<string, string | number | boolean | undefined>

/**
 * Browsers count UTF-16 code units of what was typed. An emoji has two, and a Korean syllable that was pasted in parts has three,
 * but each is one character of the form.
 */
const unitsPerCharacter = 4

/** Browsers backtrack: more attempts could stop a page for seconds. */
const maxAttempts = 1_000_000

export function controlAttributes({ name, required, input, maxLength }: Field): Attributes {
  const { maxlength, minlength, pattern, ...others } = input.attributes
  return {
    required,
    ...(input.tag === 'input' && { autocomplete: autocompleteOf(name) }),
    ...keyboardOf(others),
    ...others,
    // Without it, Chromium takes years of six digits.
    ...(others.type === 'date' && { max: others.max ?? '9999-12-31' }),
    ...(others.type === 'checkbox' && { required }),
    maxlength: maxlength && Number(maxlength) * unitsPerCharacter,
    pattern: pattern && patternFor(String(pattern), maxLength),
  }
}

/** The keyboards for numbers of iPhones have no minus sign. */
function keyboardOf({ type, step, min }: Attributes): Attributes {
  if (type !== 'number' || Number(min ?? -1) < 0) return {}
  return { inputmode: step === 'any' ? 'decimal' : 'numeric' }
}

/** As browsers match it: the whole text with the flag v. Spaces at both ends and all text beyond ASCII are left to the form, which normalises them. */
function patternFor(pattern: string, maxLength: number): string | undefined {
  if (attemptsOf(pattern, maxLength) > maxAttempts) return undefined
  return `\\s*(?:${pattern})\\s*|.*[^ -~].*`
}

/** Limits in characters of the form, for the script. */
export function lengthLimits({ type, input }: Field): Attributes {
  if (type !== 'text' && type !== 'multiline') return {}
  const { maxlength, minlength } = input.attributes
  return { 'data-max': maxlength, 'data-min': minlength }
}
