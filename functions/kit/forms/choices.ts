// The choices that a form's file lists for choice and multi-choice.
import * as z from 'zod'
import { toLine } from './clean.ts'

// YAML reads 2026 as a number; what is chosen is text.
const option = z
  .union([z.string(), z.number()], 'text')
  .transform((value) => toLine(String(value)))
  .pipe(z.string().min(1).max(200))

export const choices = z
  .array(option)
  .min(1)
  .max(500)
  .check((context) => {
    context.value.forEach((value, index) => {
      if (context.value.indexOf(value) === index) return
      const message = 'each option once'
      context.issues.push({ code: 'custom', path: [index], message, input: value })
    })
  })

const shown = 10

/** "F, M, Other", for messages. */
export function choicesText(options: string[]): string {
  return options.length > shown ? `the ${options.length} choices` : options.join(', ')
}

/** Of each option, as JSON in UTF-8. */
export const bytesOfChoices = (options: string[]): number[] =>
  options.map((option) => Buffer.byteLength(JSON.stringify(option)))
