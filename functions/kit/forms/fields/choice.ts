// One of several options.
import * as z from 'zod'
import { bytesOfChoices, choices, choicesText, oneOf } from '../field-parts/choices.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { toText } from '../field-parts/text-schema.ts'
import { defineField } from '../field-type.ts'

export default defineField({
  options: z
    .strictObject({ options: choices.describe('What people choose from') })
    .describe('One of several options'),
  expected: ({ options }) => `one of ${choicesText(options)}`,
  schema: ({ options }) => z.preprocess((value) => toText(value, toLine), oneOf(options)),
  maxLength: ({ options }) => Math.max(...options.map(({ length }) => length)),
  input: ({ options }) => ({ tag: 'select', attributes: {}, choices: options }),
  maxBytes: ({ options }) => Math.max(...bytesOfChoices(options)),
})
