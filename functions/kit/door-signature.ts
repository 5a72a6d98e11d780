// The endpoint signs each submission that it accepts, with a secret that only it and the validation task know. Anyone who can write
// to the topic can claim to be the endpoint; the signature proves it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FormEvent } from '#kafka/define-event.ts'

interface Submitted {
  version?: string | undefined
  answers: Record<string, unknown>
}

export function signatureOf(event: FormEvent<Submitted>, secret: string): string {
  const { version, answers } = event.data
  const signed = JSON.stringify([event.id, event.form, version, answers])
  return createHmac('sha256', secret).update(signed).digest('base64url')
}

/** False without a secret: then nothing can be proved. */
export function isSigned(event: FormEvent<Submitted>, secret: string | undefined): boolean {
  if (!secret || typeof event.doorsignature !== 'string') return false
  const [found, expected] = [event.doorsignature, signatureOf(event, secret)].map(Buffer.from)
  return found?.length === expected?.length && timingSafeEqual(found as Buffer, expected as Buffer)
}
