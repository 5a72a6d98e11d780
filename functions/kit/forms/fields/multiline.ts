// Text of several lines.
import * as z from 'zod'
import { inOrder } from '../field-parts/min-max.ts'
import { toLines } from '../field-parts/normalise-text.ts'
import { lengthText, maxUnitsOfText, textSchema } from '../field-parts/text-schema.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'

export default defineField({
  options: z
    .strictObject({
      min: z.int().min(0).default(0).describe('Fewest characters'),
      max: z
        .int()
        .min(1)
        .max(50_000)
        .default(10_000)
        .describe('Most characters. Above 25,000 an emoji counts as two'),
    })
    .check(inOrder)
    .describe('Text of several lines, stored with `\\n` between them'),
  expected: (options) => `text ${lengthText(options)}`,
  schema: (options) => textSchema({ ...options, normalise: toLines }),
  maxLength: ({ max }) => maxUnitsOfText(max),
  input: ({ min, max }) => ({
    tag: 'textarea',
    attributes: { maxlength: max, rows: 5, ...(min > 0 && { minlength: min }) },
  }),
  maxBytes: ({ max }) => maxBytesOfText(max),
})
