import type * as z from 'zod'
import type { Input, Value } from './field-type.ts'

/** One field of a form: what its file says, together with what its field type makes of it. */
export interface Field {
  name: string
  type: string
  label: string
  required: boolean
  help?: string
  /** The options of its type, with defaults. */
  options: Record<string, unknown>
  input: Input
  /** Completes "Expected …" for people whose answer does not fit. */
  expected: string
  /** Upper bound for the bytes of its answer as JSON in UTF-8. */
  maxBytes: number
  /** Upper bound for the characters (UTF-16) of an answer as text; for a list, of all its items together. */
  maxLength: number
  readonly schema: z.ZodType<Value>
  check(value: unknown): { ok: true; value: Value } | { ok: false; message: string }
}

/** In the order of the file. The object has no prototype, so a submitted name finds nothing but fields. */
export type Fields = Record<string, Field>
