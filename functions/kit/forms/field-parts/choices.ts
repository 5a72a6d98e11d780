// The choices that a form's file lists for choice and multi-choice.
import * as z from 'zod'
import { toLine } from './normalise-text.ts'
import { shownText } from './shown-text.ts'

export const mostChoices = 500

const option = z.string().transform(toLine).pipe(shownText(200))

export const choices = z
  .array(option)
  .min(1)
  .max(mostChoices)
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

/** One of them. An enum of zod would put those that look like integers first, in the order of their values. */
export const oneOf = (options: string[]): z.ZodType<string> => z.literal(options)

const shown = 10

/** "F, M, Other", for messages. */
export function choicesText(options: string[]): string {
  return options.length > shown ? `the ${options.length} choices` : options.join(', ')
}

/** Of each option, as JSON in UTF-8. */
export const bytesOfChoices = (options: string[]): number[] =>
  options.map((option) => Buffer.byteLength(JSON.stringify(option)))
