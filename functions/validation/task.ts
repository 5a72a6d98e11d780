// Validates every submission, also those of other producers: emits normalised answers, or an error for each wrong field.
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionRefused, submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { isSigned } from '#kit/door-signature.ts'
import { Rejected } from '#kit/errors.ts'
import { DOOR_SECRET } from '#kit/settings.ts'

type Submitted = z.infer<typeof submissionSubmitted.data>

export default defineTask({
  name: 'validation',
  on: submissionSubmitted,
  emits: [submissionValidated, submissionRefused],
  everyForm: true,
  options: z.strictObject({}).describe('Checks the answers'),
  config: z.object({ DOOR_SECRET }),
  connect: async (config) => ({
    isAccepted: (event: FormEvent<Submitted>) => isSigned(event, config.DOOR_SECRET),
    notes: () => (config.DOOR_SECRET ? noNotes : secretMissing),
  }),
  async handle({ event, form, clients }) {
    const { version = form.version, answers } = event.data
    const isEarlier = event.source === `/forms/${form.id}` && version !== form.version
    // The endpoint checked these answers against another version of the form and told the person that they were accepted.
    if (isEarlier && clients.isAccepted(event)) {
      const accepted = submissionValidated.data.safeParse({ version, answers })
      if (accepted.success) return [submissionValidated(accepted.data)]
    }
    const result = form.parse(answers)
    if (result.ok) return [submissionValidated({ version: form.version, answers: result.answers })]
    // The endpoint may have accepted it: a dead letter keeps the submission and can be replayed.
    if (isEarlier) throw new Rejected(unproved(version, Object.keys(result.errors).length))
    return [submissionRefused({ version: form.version, errors: result.errors })]
  },
})

const noNotes: Record<string, string> = {}
const secretMissing: Record<string, string> = {
  DOOR_SECRET:
    'Not set: a submission that was accepted before its form changed becomes a dead letter if it does not fit the form any more',
}

const unproved = (version: string, wrongFields: number): string =>
  'Expected answers that fit the current form, or a signature of the endpoint for version ' +
  `${version.slice(0, 20)}, found ${wrongFields} fields that do not fit and no valid signature`
