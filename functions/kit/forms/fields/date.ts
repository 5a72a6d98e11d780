// A calendar date, YYYY-MM-DD.
import * as z from 'zod'
import { datePatterns } from '../field-parts/date-range.ts'
import { inOrder } from '../field-parts/min-max.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { defineField } from '../field-type.ts'

const limit = z.iso.date('a date as YYYY-MM-DD')

export default defineField({
  options: z.strictObject({ min: limit.optional(), max: limit.optional() }).check(inOrder),
  expected: ({ min, max }) =>
    `a date as YYYY-MM-DD${min ? ` from ${min}` : ''}${max ? ` to ${max}` : ''}`,
  found(text, { min, max }) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
    if (!limit.safeParse(text).success) return 'a date that does not exist'
    if (min && text < min) return 'an earlier date'
    return max && text > max ? 'a later date' : undefined
  },
  schema: (options) => {
    const clean = (value: unknown) => (typeof value === 'string' ? toLine(value) : value)
    const patterns = datePatterns(options).map((pattern) => z.regex(new RegExp(pattern)))
    return z.preprocess(clean, z.iso.date().check(...patterns))
  },
  largest: () => 'YYYY-MM-DD'.length,
  input: ({ min, max }) => ({
    tag: 'input',
    attributes: { type: 'date', ...(min && { min }), ...(max && { max }) },
  }),
  bytes: () => '"2000-12-31"'.length,
})
