// A whole number.
import * as z from 'zod'
import { inOrder, rangeAttributes, rangeText } from '../field-parts/min-max.ts'
import { maxNumberText, toNumber } from '../field-parts/number-text.ts'
import { defineField } from '../field-type.ts'

export default defineField({
  options: z
    .strictObject({
      min: z.int().default(Number.MIN_SAFE_INTEGER).describe('Smallest number'),
      max: z.int().default(Number.MAX_SAFE_INTEGER).describe('Largest number'),
    })
    .check(inOrder)
    .describe('A whole number'),
  expected: (options) => rangeText('a whole number', options),
  schema: ({ min, max }) => z.preprocess(toNumber, z.int().min(min).max(max)),
  maxLength: () => maxNumberText,
  input: (options) => ({
    tag: 'input',
    attributes: { type: 'number', step: 1, ...rangeAttributes(options) },
  }),
  maxBytes: () => String(Number.MIN_SAFE_INTEGER).length,
})
