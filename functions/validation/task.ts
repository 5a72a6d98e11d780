// The authoritative check of a submission, whoever produced it: normalised answers, or the reasons per field.
import * as z from 'zod'
import { submissionRefused, submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'

export default defineTask({
  name: 'validation',
  on: submissionSubmitted,
  emits: [submissionValidated, submissionRefused],
  everyForm: true,
  options: z.strictObject({}),
  config: z.object({}),
  connect: async () => ({}),
  async handle({ event, form }) {
    const { version = form.version, answers = {} } = event.data ?? {}
    // The door checked these by another version of the form: what a person was told is accepted stays accepted.
    if (event.source === `/forms/${form.id}` && version !== form.version) {
      const accepted = submissionValidated.data.safeParse({ version, answers })
      if (accepted.success) return [submissionValidated(accepted.data)]
    }
    const result = form.parse(answers)
    if (!result.ok) return [submissionRefused({ version: form.version, errors: result.errors })]
    return [submissionValidated({ version: form.version, answers: result.answers })]
  },
})
