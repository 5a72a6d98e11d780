// The page of a form carries the time at which it was made, signed, so that a submission shows how long a person took to fill it in.
import { type Secrets, sign, verify } from '../sign.ts'

interface Stamped {
  form: string
  /** Milliseconds since 1970. */
  time: number
}

const claimOf = ({ form, time }: Stamped) => ({ label: 'page', text: `${time} ${form}` })

/** Undefined without a secret. */
export function makeStamp(secrets: Secrets, stamped: Stamped): string | undefined {
  const signature = sign(secrets, claimOf(stamped))
  return signature && `${stamped.time}.${signature}`
}

/** The time in the stamp; undefined if the endpoint did not make it for this form. */
export function timeOfStamp(secrets: Secrets, form: string, stamp: unknown): number | undefined {
  if (typeof stamp !== 'string') return undefined
  const [, digits, signature = ''] = /^(\d{1,15})\.([\w-]+)$/.exec(stamp) ?? []
  if (digits === undefined) return undefined
  const time = Number(digits)
  return verify(secrets, claimOf({ form, time }), signature) ? time : undefined
}
