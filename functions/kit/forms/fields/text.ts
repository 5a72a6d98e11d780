// One line of text.
import * as z from 'zod'
import { toLine } from '../clean.ts'
import { defineField } from '../field.ts'
import { compilePattern } from '../pattern.ts'
import { inOrder } from '../range.ts'
import { largestText, lengthText, textSchema } from '../text-schema.ts'

const pattern = z
  .string()
  .min(1)
  .max(500)
  .check((context) => {
    try {
      compilePattern(context.value)
    } catch (error) {
      const message = (error as Error).message
      context.issues.push({ code: 'custom', message, input: context.value })
    }
  })

export default defineField({
  options: z
    .strictObject({
      min: z.int().min(0).default(0),
      max: z.int().min(1).max(2_000).default(500),
      pattern: pattern.optional(),
    })
    .check(inOrder),
  expected: (options) =>
    options.pattern ? `text in the form ${options.pattern}` : `text ${lengthText(options)}`,
  schema: (options) =>
    textSchema({
      ...options,
      clean: toLine,
      matches: options.pattern === undefined ? undefined : compilePattern(options.pattern),
    }),
  largest: ({ max }) => largestText(max),
  input: ({ min, max, pattern }) => ({
    tag: 'input',
    attributes: {
      type: 'text',
      maxlength: max,
      ...(min > 0 && { minlength: min }),
      ...(pattern !== undefined && { pattern }),
    },
  }),
})
