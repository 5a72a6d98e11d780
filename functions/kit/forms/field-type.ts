// What a field type is: the options a form's file may give, the check of an answer, and its HTML input.
import type * as z from 'zod'
import type { PatternCost } from './patterns/cost.ts'

export type Value = string | number | boolean | string[]

/** How a page asks for the answer. With `choices`, a select has one option for each, an input is repeated for each. */
export interface Input {
  tag: 'input' | 'textarea' | 'select'
  attributes: Record<string, string | number | boolean>
  choices?: string[]
}

/** What every field has, whatever its type. */
export interface Common {
  required: boolean
}

export interface FieldType<Options = Record<string, unknown>> {
  /** Strict, and with a default for each limit: nothing is unbounded. Its messages complete "expected …". */
  options: z.ZodType<Options> & { shape: object }
  /** Completes "Expected …" beside the field. It never sees the answer, so no answer gets into a message. */
  expected(options: Options & Common): string
  /** Completes "found …" for a text that does not fit, where more can be said than what was expected. Never the text. */
  found?(text: string, options: Options & Common): string | undefined
  /** Takes what JSON or an HTML form sends, except an empty answer. Parsing its result again changes nothing. */
  schema(options: Options & Common): z.ZodType<Value>
  input(options: Options): Input
  /** The most bytes that an answer has as JSON in UTF-8. */
  bytes(options: Options): number
  /** The most characters (UTF-16) of an answer as text; of a list, of all its parts together. */
  largest(options: Options): number
  /** Of its pattern; nothing where it has none. */
  cost?(options: Options): PatternCost | undefined
}

export function defineField<Options>(type: FieldType<Options>): FieldType<Options> {
  return type
}

/** The most bytes of a text as JSON: a character has four at most, also one that JSON escapes. */
export const bytesOfText = (characters: number): number => 4 * characters + 2
