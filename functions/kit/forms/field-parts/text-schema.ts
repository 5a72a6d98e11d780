// The check of text and multiline: normalised text of bounded length, counted as JSON Schema counts it.
import * as z from 'zod'
import { textOfNumber } from './number-text.ts'
import { visiblePattern, withoutHidden } from './visible-text.ts'

interface TextOptions {
  normalise: (text: string) => string
  required: boolean
  min: number
  max: number
  /** Source of a regular expression for JSON Schema, and its check in linear time. */
  pattern?: string
  matches?: (text: string) => boolean
  /** For people whose text does not match. */
  message?: string
}

export function textSchema(options: TextOptions): z.ZodType<string> {
  const text = z.string().check((context) => {
    const issue = issueOf(context.value, options)
    if (issue) context.issues.push({ ...issue, input: context.value })
  })
  const described = text.meta(jsonSchemaOf(options))
  return z.preprocess((value) => toText(value, options.normalise), described)
}

type Issue =
  | { code: 'too_big'; origin: 'string'; maximum: number }
  | { code: 'too_small'; origin: 'string'; minimum: number }
  | { code: 'invalid_format'; format: 'regex'; message?: string }

function issueOf(text: string, { min, max, matches, message }: TextOptions): Issue | undefined {
  const origin = 'string'
  // Most texts are short enough in code units, of which there are at least as many as characters.
  if (text.length > max && lengthOf(text, max) > max) {
    return { code: 'too_big', origin, maximum: max }
  }
  if (min > 0 && lengthOf(withoutHidden(text), max) < min)
    return { code: 'too_small', origin, minimum: min }
  if (!matches || matches(text)) return undefined
  return { code: 'invalid_format', format: 'regex', ...(message && { message }) }
}

/** Required text needs a visible character, an optional answer may be empty. */
function jsonSchemaOf({ required, min, max, pattern }: TextOptions): z.core.JSONSchema.BaseSchema {
  const own = pattern && `^(?:${pattern})$`
  const visible = required ? visiblePattern : undefined
  const first = own ?? visible
  return {
    minLength: Math.max(min, required ? 1 : 0),
    maxLength: max,
    ...(first && { pattern: first }),
    ...(own && visible && { allOf: [{ pattern: visible }] }),
  }
}

/** Also accepts a number, as clients often send a roll number as one. */
export function toText(value: unknown, normalise: (text: string) => string): unknown {
  if (typeof value === 'string') return normalise(value)
  return typeof value === 'number' && Number.isFinite(value) ? textOfNumber(value) : value
}

/** In UTF-16 code units: the limit of a sheet's cell. An emoji takes two units, but is one character. */
const maxUnits = 50_000

/** Upper bound for the UTF-16 code units of a text of at most `max` characters. */
export const maxUnitsOfText = (max: number): number => Math.min(2 * max, maxUnits)

/** In code points. Not counted if there are too many code units. */
function lengthOf(text: string, max: number): number {
  if (text.length > maxUnitsOfText(max)) return Math.max(text.length, max + 1)
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** "of at most 500 characters", for messages. */
export function lengthText({ min, max }: { min: number; max: number }): string {
  return min > 0 ? `of ${min} to ${max} characters` : `of at most ${max} characters`
}
