// Text of several lines.
import * as z from 'zod'
import { inOrder } from '../field-parts/min-max.ts'
import { toLines } from '../field-parts/normalise-text.ts'
import { lengthText, maxUnitsOfText, textSchema } from '../field-parts/text-schema.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'

export default defineField({
  options: z
    .strictObject({
      min: z.int().min(0).default(0),
      max: z.int().min(1).max(50_000).default(10_000),
    })
    .check(inOrder),
  expected: (options) => `text ${lengthText(options)}`,
  schema: (options) => textSchema({ ...options, normalise: toLines }),
  maxLength: ({ max }) => maxUnitsOfText(max),
  input: ({ min, max }) => ({
    tag: 'textarea',
    attributes: { maxlength: max, rows: 5, ...(min > 0 && { minlength: min }) },
  }),
  maxBytes: ({ max }) => maxBytesOfText(max),
})
