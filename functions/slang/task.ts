// Finds and masks slang in the texts of a submission. It never rejects a submission.
import * as z from 'zod'
import { submissionAnalyzed, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { analyse } from './analyse.ts'
import { mask } from './mask.ts'

/** Field types whose answers are not searched, as they are no text. */
const typesWithoutText = new Set(['number', 'integer', 'boolean', 'multi-choice'])

/** Limit of listed findings, so that the event fits its topic. All findings are masked. */
const maxFindings = 1000

export default defineTask({
  name: 'slang',
  on: submissionValidated,
  emits: [submissionAnalyzed],
  options: z
    .strictObject({
      fields: z.array(z.string()).min(1).describe('The fields whose texts are searched'),
    })
    .describe('Finds and masks slang'),
  fieldsIn: ({ fields }) => fields,
  checkForm({ fields: searched }, fields) {
    const other = fields.find(
      ({ name, type }) => searched.includes(name) && typesWithoutText.has(type),
    )
    return other && { field: other.name, expected: 'a type with text', found: other.type }
  },
  async handle({ event, options }) {
    const texts = options.fields.flatMap((field) => {
      const answer = event.data.answers[field]
      return typeof answer === 'string' ? [{ field, text: answer, found: analyse(answer) }] : []
    })
    const findings = texts.flatMap(({ field, found }) =>
      found.map((finding) => ({ field, ...finding })),
    )
    const hits = texts.filter(({ found }) => found.length > 0)
    const masked = Object.fromEntries(
      hits.map(({ field, text, found }) => [field, mask(text, found)]),
    )
    return [submissionAnalyzed({ findings: findings.slice(0, maxFindings), masked })]
  },
})
