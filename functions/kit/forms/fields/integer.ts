// A whole number.
import * as z from 'zod'
import { defineField } from '../field.ts'
import { longestNumber, rangeAttributes, rangeText, toNumber } from '../number-text.ts'
import { inOrder } from '../range.ts'

export default defineField({
  options: z
    .strictObject({
      min: z.int().default(Number.MIN_SAFE_INTEGER),
      max: z.int().default(Number.MAX_SAFE_INTEGER),
    })
    .check(inOrder),
  expected: (options) => rangeText('a whole number', options),
  schema: ({ min, max }) => z.preprocess(toNumber, z.int().min(min).max(max)),
  largest: () => longestNumber,
  input: (options) => ({
    tag: 'input',
    attributes: { type: 'number', step: 1, ...rangeAttributes(options) },
  }),
  bytes: () => String(Number.MIN_SAFE_INTEGER).length,
})
