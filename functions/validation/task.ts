// The authoritative check of a submission, whoever produced it: normalised answers, or the reasons per field.
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionRefused, submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { DoorConfig, isSigned } from '#kit/door-signature.ts'
import { Rejected } from '#kit/errors.ts'

type Submitted = z.infer<typeof submissionSubmitted.data>

export default defineTask({
  name: 'validation',
  on: submissionSubmitted,
  emits: [submissionValidated, submissionRefused],
  everyForm: true,
  options: z.strictObject({}),
  config: DoorConfig,
  connect: async ({ DOOR_SECRET }) => ({
    accepted: (event: FormEvent<Submitted>) => isSigned(event, DOOR_SECRET),
    notes: () => (DOOR_SECRET ? noNotes : unset),
  }),
  async handle({ event, form, clients }) {
    const { version = form.version, answers = {} } = event.data ?? {}
    const earlier = event.source === `/forms/${form.id}` && version !== form.version
    // The door checked these by another version of the form: what a person was told is accepted stays accepted.
    if (earlier && clients.accepted(event)) {
      const accepted = submissionValidated.data.safeParse({ version, answers })
      if (accepted.success) return [submissionValidated(accepted.data)]
    }
    const result = form.parse(answers)
    if (result.ok) return [submissionValidated({ version: form.version, answers: result.answers })]
    // Somebody may have been told that it is accepted: it is kept, and can be replayed.
    if (earlier) throw new Rejected(unproved(version, Object.keys(result.errors).length))
    return [submissionRefused({ version: form.version, errors: result.errors })]
  },
})

const noNotes: Record<string, string> = {}
const unset: Record<string, string> = {
  DOOR_SECRET:
    'Not set: what was accepted before its form changed, and fits it no more, becomes a dead letter',
}

const unproved = (version: string, wrong: number): string =>
  `Expected answers that fit the present form, or the door's signature of those to its version ${version.slice(0, 20)}, ` +
  `found ${wrong} fields that do not fit and no such signature`
