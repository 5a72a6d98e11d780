// The check that text and multiline share: cleaned text of a bounded length, counted as JSON Schema counts it.
import * as z from 'zod'
import { textOfNumber } from './number-text.ts'
import { visiblePattern, withoutHidden } from './visible-text.ts'

export interface TextOptions {
  clean: (text: string) => string
  required: boolean
  min: number
  max: number
  /** The source of a regular expression, for JSON Schema, and its linear-time check. */
  pattern?: string
  matches?: (text: string) => boolean
  /** What a person is told whose text does not match. */
  message?: string
}

export function textSchema(options: TextOptions): z.ZodType<string> {
  const { clean, required, min, max, matches, message } = options
  const text = z.string().check((context) => {
    const input = context.value
    const length = lengthOf(input, max)
    const origin = 'string'
    if (length > max) context.issues.push({ code: 'too_big', origin, maximum: max, input })
    else if (min > 0 && lengthOf(withoutHidden(input), max) < min)
      context.issues.push({ code: 'too_small', origin, minimum: min, input })
    else if (matches && !matches(input)) {
      context.issues.push({
        code: 'invalid_format',
        format: 'regex',
        input,
        ...(message && { message }),
      })
    }
  })
  // A client may send something other than blanks only; an optional answer may also be empty.
  const said = options.pattern && `^(?:${options.pattern})$`
  const seen = required ? visiblePattern : undefined
  const pattern = said ?? seen
  const minLength = Math.max(min, required ? 1 : 0)
  const described = text.meta({
    minLength,
    maxLength: max,
    ...(pattern && { pattern }),
    ...(said && seen && { allOf: [{ pattern: seen }] }),
  })
  return z.preprocess((value) => toText(value, clean), described)
}

/** A number becomes its text: a roll number is often sent as one. */
export function toText(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  return typeof value === 'number' && Number.isFinite(value) ? textOfNumber(value) : value
}

/** UTF-16: what a cell of a sheet and a column of many stores hold at most. An emoji is two of them, and one character. */
const mostUnits = 50_000

/** The most characters (UTF-16) of a text of at most `max` characters. */
export const largestText = (max: number): number => Math.min(2 * max, mostUnits)

/** In code points; counted only where the number of code units leaves the answer open. */
function lengthOf(text: string, max: number): number {
  if (text.length > largestText(max)) return Math.max(text.length, max + 1)
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** "of at most 500 characters", for messages. */
export function lengthText({ min, max }: { min: number; max: number }): string {
  return min > 0 ? `of ${min} to ${max} characters` : `of at most ${max} characters`
}
