// The options of choice and multi-choice.
import * as z from 'zod'
import { toLine } from './normalise-text.ts'
import { visibleText } from './visible-text.ts'

export const maxChoices = 500

const option = z.string().transform(toLine).pipe(visibleText(200))

export const choices = z
  .array(option)
  .min(1)
  .max(maxChoices)
  .check((context) => {
    const seen = new Set<string>()
    context.value.forEach((value, index) => {
      if (!seen.has(value)) {
        seen.add(value)
        return
      }
      const message = 'each option once'
      context.issues.push({ code: 'custom', path: [index], message, input: value })
    })
  })

/** A literal, as zod's enum would put options that look like integers first. */
export const oneOf = (options: string[]): z.ZodType<string> => z.literal(options)

const maxListed = 10

/** For messages: "F, M, Other", or the number of options if there are many. */
export function choicesText(options: string[]): string {
  return options.length > maxListed ? `the ${options.length} choices` : options.join(', ')
}

/** The bytes of each option as JSON in UTF-8. */
export const bytesOfChoices = (options: string[]): number[] =>
  options.map((option) => Buffer.byteLength(JSON.stringify(option)))
