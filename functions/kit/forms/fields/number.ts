// A number, whole or decimal.
import * as z from 'zod'
import { inOrder, rangeAttributes, rangeText } from '../field-parts/min-max.ts'
import { maxNumberText, toNumber } from '../field-parts/number-text.ts'
import { defineField } from '../field-type.ts'

const limit = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)

export default defineField({
  options: z
    .strictObject({
      min: limit.default(Number.MIN_SAFE_INTEGER).describe('Smallest number'),
      max: limit.default(Number.MAX_SAFE_INTEGER).describe('Largest number'),
    })
    .check(inOrder)
    .describe('A number. `1e5` and `1.50` are stored as 100000 and 1.5'),
  expected: (options) => rangeText('a number', options),
  schema: ({ min, max }) => z.preprocess(toNumber, z.number().min(min).max(max)),
  maxLength: () => maxNumberText,
  input: (options) => ({
    tag: 'input',
    attributes: { type: 'number', step: 'any', ...rangeAttributes(options) },
  }),
  // "-0.00012345678901234567"
  maxBytes: () => 24,
})
