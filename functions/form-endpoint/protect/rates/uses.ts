// What a submission uses of the rates of its form.
import { randomBytes } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { Form } from '#kit/forms/form.ts'
import type { Rate } from '#kit/forms/sections/protect.ts'
import { type Secrets, sign } from '../../sign.ts'
import type { Kind, Use } from './count.ts'

interface Sender {
  form: Form
  /** As the connection or a trusted proxy gives it. */
  address: string
  /** As the form keeps them. */
  answers: Record<string, unknown>
}

const ownSecret = randomBytes(32).toString('hex')

/**
 * Keys hold neither addresses nor e-mail addresses, only their hashes with a secret. The form comes last, so that what one sender
 * sends in vain uses up nothing that others need.
 */
export function usesOf({ form, address, answers }: Sender, secrets: Secrets): Use[] {
  const { perAddress, perEmail, perForm } = form.protect
  const secretUse = (kind: Kind, rate: Rate, value: string): Use => {
    const text = JSON.stringify([form.id, kind, rate.per, value])
    const key = sign([secrets[0] ?? ownSecret], { label: 'rate', text }) as string
    return { kind, key, rate }
  }
  return [
    // One customer of a provider has a /64 network of IPv6.
    ...(perAddress ? [secretUse('address', perAddress, normalizeIP(address, 64))] : []),
    ...(perEmail
      ? emailsIn(form, answers).map((email) => secretUse('email', perEmail, email))
      : []),
    // Without a secret, which endpoints that share counts need not have.
    ...(perForm
      ? [{ kind: 'form' as const, key: `${form.id} ${perForm.per}`, rate: perForm }]
      : []),
  ]
}

/** Each once: upper and lower case of an address reach the same mailbox nearly everywhere. */
function emailsIn({ fields }: Form, answers: Record<string, unknown>): string[] {
  const emails = Object.values(fields)
    .filter(({ type }) => type === 'email')
    .flatMap(({ name }) => (answers[name] === undefined ? [] : [String(answers[name])]))
  return [...new Set(emails.map((email) => email.toLowerCase()))]
}
