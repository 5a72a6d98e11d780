// One of several choices.
import * as z from 'zod'
import { bytesOfChoices, choices, choicesText, oneOf } from '../choices.ts'
import { defineField } from '../field.ts'
import { toLine } from '../normalise-text.ts'
import { toText } from '../text-schema.ts'

export default defineField({
  options: z.strictObject({ options: choices }),
  expected: ({ options }) => `one of ${choicesText(options)}`,
  schema: ({ options }) => z.preprocess((value) => toText(value, toLine), oneOf(options)),
  largest: ({ options }) => Math.max(...options.map(({ length }) => length)),
  input: ({ options }) => ({ tag: 'select', attributes: {}, choices: options }),
  bytes: ({ options }) => Math.max(...bytesOfChoices(options)),
})
