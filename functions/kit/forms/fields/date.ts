// A calendar date, YYYY-MM-DD.
import * as z from 'zod'
import { inOrder } from '../field-parts/min-max.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { defineField } from '../field-type.ts'

const limit = z.iso.date('a date as YYYY-MM-DD')

export default defineField({
  options: z
    .strictObject({
      min: limit.optional().describe('First date, as YYYY-MM-DD'),
      max: limit.optional().describe('Last date, as YYYY-MM-DD'),
    })
    .check(inOrder)
    .describe('A date, stored as YYYY-MM-DD'),
  expected: ({ min, max }) =>
    `a date as YYYY-MM-DD${min ? ` from ${min}` : ''}${max ? ` to ${max}` : ''}`,
  found(text, { min, max }) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
    if (!limit.safeParse(text).success) return 'a date that does not exist'
    if (min && text < min) return 'an earlier date'
    return max && text > max ? 'a later date' : undefined
  },
  schema: (options) => {
    const normalise = (value: unknown) => (typeof value === 'string' ? toLine(value) : value)
    const patterns = datePatterns(options).map((pattern) => z.regex(new RegExp(pattern)))
    return z.preprocess(normalise, z.iso.date().check(...patterns))
  },
  maxLength: () => 'YYYY-MM-DD'.length,
  input: ({ min, max }) => ({
    tag: 'input',
    attributes: { type: 'date', ...(min && { min }), ...(max && { max }) },
  }),
  maxBytes: () => '"2000-12-31"'.length,
})

/** Patterns that together match the dates from `min` to `max`. JSON Schema has no other way to limit a date. */
function datePatterns({ min, max }: { min?: string; max?: string }): string[] {
  return [...(min ? [notBefore(min)] : []), ...(max ? [notAfter(max)] : [])]
}

const notBefore = (limit: string): string => beyond(limit, 1)
const notAfter = (limit: string): string => beyond(limit, -1)

// Where a date first differs from the limit, a later date has a larger digit, an earlier date a smaller one.
function beyond(limit: string, direction: 1 | -1): string {
  const alternatives = [limit]
  for (const [index, character] of [...limit].entries()) {
    if (character === '-' || character === (direction === 1 ? '9' : '0')) continue
    const digit = Number(character)
    const digits = direction === 1 ? `[${digit + 1}-9]` : `[0-${digit - 1}]`
    alternatives.push(
      limit.slice(0, index) + digits + limit.slice(index + 1).replaceAll(/\d/g, '\\d'),
    )
  }
  return `^(?:${alternatives.join('|')})$`
}
