import type * as z from 'zod'
import type { PatternCost } from './patterns/cost.ts'

/** A checked answer. */
export type Value = string | number | boolean | string[]

/** The HTML control for a field. With `choices`, a select has an option for each, an input is repeated for each. */
export interface Input {
  tag: 'input' | 'textarea' | 'select'
  attributes: Record<string, string | number | boolean>
  choices?: string[]
}

/** Options that every field has, whatever its type. */
export interface Common {
  required: boolean
}

/** The default export of each file in fields/. */
export interface FieldType<Options = Record<string, unknown>> {
  /** Options of a field in a form's file. Strict, with a default for each limit. Its messages complete "expected …". */
  options: z.ZodType<Options> & { shape: object }
  /** Completes "Expected …" beside the field. It does not get the answer, so no answer gets into a message. */
  expected(options: Options & Common): string
  /** Completes "found …" for text that does not fit, where that helps. Must not contain the text. */
  found?(text: string, options: Options & Common): string | undefined
  /** Accepts what JSON or an HTML form sends, except an empty answer. Parsing the result again changes nothing. */
  schema(options: Options & Common): z.ZodType<Value>
  input(options: Options): Input
  /** Upper bound for the bytes of an answer as JSON in UTF-8. */
  maxBytes(options: Options): number
  /** Upper bound for the characters (UTF-16) of an answer as text; for a list, of all its items together. */
  maxLength(options: Options): number
  /** The cost of its pattern, if it has one. */
  cost?(options: Options): PatternCost | undefined
}

export function defineField<Options>(type: FieldType<Options>): FieldType<Options> {
  return type
}

/** Upper bound for the bytes of a text as JSON: a character takes at most four, even if JSON escapes it. */
export const maxBytesOfText = (characters: number): number => 4 * characters + 2
