// What proves that the door accepted a submission: a keyed hash of it, by a secret that only the door and validation have. Whoever may
// write to the topic can name the door as the source, and any version of the form.
import { createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'

export const DoorConfig = z.object({
  DOOR_SECRET: z
    .string()
    .min(32, 'expected at least 32 characters')
    .optional()
    .describe(
      'Secret of at least 32 characters with which the endpoint signs submissions, so that validation knows what it accepted. Not set: `npm start` makes one and keeps it in DATA_DIR. Instances that share a Kafka need the same',
    ),
})

interface Submitted {
  version?: string | undefined
  answers: Record<string, unknown>
}

export function signatureOf(event: FormEvent<Submitted>, secret: string): string {
  const { version, answers } = event.data ?? {}
  const signed = JSON.stringify([event.id, event.form, version, answers])
  return createHmac('sha256', secret).update(signed).digest('base64url')
}

/** False where there is no secret: nothing is proved then. */
export function isSigned(event: FormEvent<Submitted>, secret: string | undefined): boolean {
  if (!secret || typeof event.doorsignature !== 'string') return false
  const [found, expected] = [event.doorsignature, signatureOf(event, secret)].map(Buffer.from)
  return found?.length === expected?.length && timingSafeEqual(found as Buffer, expected as Buffer)
}
