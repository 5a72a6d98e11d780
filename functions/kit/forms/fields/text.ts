// One line of text.
import * as z from 'zod'
import { inOrder } from '../field-parts/min-max.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { lengthText, maxUnitsOfText, textSchema } from '../field-parts/text-schema.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'
import { compilePattern, requireSyntax } from '../patterns/compile-pattern.ts'
import { costOf } from '../patterns/cost.ts'

interface Options {
  max: number
  pattern?: string | undefined
  message?: string | undefined
}

/** Its own check, so that it is reported together with problems of other options. */
function checkSyntax({ value, issues }: z.core.ParsePayload<string>): void {
  try {
    requireSyntax(value)
  } catch (error) {
    issues.push({ code: 'custom', message: (error as Error).message, input: value })
  }
}

function checkPattern({ value, issues }: z.core.ParsePayload<Options>): void {
  // Compiling takes time, so options with other problems are not compiled.
  if (value.pattern === undefined || issues.length > 0) return
  try {
    compilePattern(value.pattern, value.max)
  } catch (error) {
    const message = (error as Error).message
    issues.push({ code: 'custom', path: ['pattern'], message, input: value.pattern })
  }
}

function messageNeedsPattern({ value, issues }: z.core.ParsePayload<Options>): void {
  if (value.message === undefined || value.pattern !== undefined) return
  const message = 'a pattern in the same field'
  issues.push({ code: 'custom', path: ['message'], message, input: value.message })
}

export default defineField({
  options: z
    .strictObject({
      min: z.int().min(0).default(0).describe('Fewest characters'),
      max: z.int().min(1).max(2_000).default(500).describe('Most characters'),
      pattern: z
        .string()
        .min(1)
        .max(500, { abort: true })
        .check(checkSyntax)
        .optional()
        .describe('A regular expression that the whole text must match'),
      message: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .optional()
        .describe('For people whose text does not match `pattern`'),
    })
    .check(inOrder, messageNeedsPattern, checkPattern)
    .describe('One line of text'),
  // Without the pattern itself: people who fill in a form need not read regular expressions.
  expected: (options) =>
    `text ${lengthText(options)}${options.pattern ? ', in the required format' : ''}`,
  schema: (options) =>
    textSchema({
      ...options,
      normalise: toLine,
      matches:
        options.pattern === undefined ? undefined : compilePattern(options.pattern, options.max),
    }),
  maxLength: ({ max }) => maxUnitsOfText(max),
  cost: ({ pattern, max }) => (pattern === undefined ? undefined : costOf(pattern, max)),
  input: ({ min, max, pattern, message }) => ({
    tag: 'input',
    attributes: {
      type: 'text',
      maxlength: max,
      ...(min > 0 && { minlength: min }),
      ...(pattern !== undefined && { pattern }),
      // Browsers show the title if the pattern does not match.
      ...(message !== undefined && { title: message }),
    },
  }),
  maxBytes: ({ max }) => maxBytesOfText(max),
})
