// One line of text.
import * as z from 'zod'
import { inOrder } from '../field-parts/min-max.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { largestText, lengthText, textSchema } from '../field-parts/text-schema.ts'
import { bytesOfText, defineField } from '../field-type.ts'
import { compilePattern } from '../patterns/compile-pattern.ts'
import { costOf } from '../patterns/cost.ts'

interface Options {
  max: number
  pattern?: string | undefined
  message?: string | undefined
}

function goodPattern({ value, issues }: z.core.ParsePayload<Options>): void {
  // What is wrong anyway is not compiled: that is what takes time.
  if (value.pattern === undefined || issues.length > 0) return
  try {
    compilePattern(value.pattern, value.max)
  } catch (error) {
    const message = (error as Error).message
    issues.push({ code: 'custom', path: ['pattern'], message, input: value.pattern })
  }
}

function besidePattern({ value, issues }: z.core.ParsePayload<Options>): void {
  if (value.message === undefined || value.pattern !== undefined) return
  const message = 'a pattern beside it, for which it is shown'
  issues.push({ code: 'custom', path: ['message'], message, input: value.message })
}

export default defineField({
  options: z
    .strictObject({
      min: z.int().min(0).default(0),
      max: z.int().min(1).max(2_000).default(500),
      pattern: z.string().min(1).max(500).optional(),
      /** What a person is told whose text does not match the pattern. */
      message: z.string().trim().min(1).max(200).optional(),
    })
    .check(inOrder, besidePattern, goodPattern),
  // Never the pattern itself: who fills in a form need not read regular expressions.
  expected: (options) =>
    `text ${lengthText(options)}${options.pattern ? ', in the form that is asked for' : ''}`,
  schema: (options) =>
    textSchema({
      ...options,
      clean: toLine,
      matches:
        options.pattern === undefined ? undefined : compilePattern(options.pattern, options.max),
    }),
  largest: ({ max }) => largestText(max),
  cost: ({ pattern, max }) => (pattern === undefined ? undefined : costOf(pattern, max)),
  input: ({ min, max, pattern, message }) => ({
    tag: 'input',
    attributes: {
      type: 'text',
      maxlength: max,
      ...(min > 0 && { minlength: min }),
      ...(pattern !== undefined && { pattern }),
      // Browsers show it where the pattern is not met.
      ...(message !== undefined && { title: message }),
    },
  }),
  bytes: ({ max }) => bytesOfText(max),
})
