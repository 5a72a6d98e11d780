// Any number of several options, each once.
import * as z from 'zod'
import { bytesOfChoices, choices, choicesText, oneOf } from '../field-parts/choices.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { toText } from '../field-parts/text-schema.ts'
import { defineField } from '../field-type.ts'

export default defineField({
  options: z
    .strictObject({ options: choices.describe('What people choose from') })
    .describe('Any number of several options, stored as a list without repeats'),
  expected: ({ options, required }) =>
    `${required ? 'at least one' : 'any'} of ${choicesText(options)}, each once`,
  schema: ({ options, required }) => {
    const list = z
      .array(oneOf(options))
      .min(required ? 1 : 0)
      .max(options.length)
      .refine((chosen) => new Set(chosen).size === chosen.length)
      .meta({ uniqueItems: true })
    return z.preprocess((value) => toList(value, options.length), list)
  },
  maxLength: ({ options }) => options.reduce((sum, { length }) => sum + length, 0),
  input: ({ options }) => ({ tag: 'input', attributes: { type: 'checkbox' }, choices: options }),
  maxBytes: ({ options }) => bytesOfChoices(options).reduce((sum, bytes) => sum + bytes + 1, 2),
})

/** HTML forms send one option as text, several as a list. */
function toList(value: unknown, max: number): unknown {
  if (!Array.isArray(value))
    return value === null || typeof value === 'object' ? value : [toText(value, toLine)]
  return value.length > max ? value : value.map((item) => toText(item, toLine))
}
