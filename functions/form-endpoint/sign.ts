// Signs what the endpoint hands to browsers and takes back later, such as the address of a receipt. Not door-signature.ts of the kit,
// which signs events for the validation task with another secret.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The secrets of FORM_SECRET: the first one signs, all verify. */
export type Secrets = readonly string[]

export interface Claim {
  /** What the signature is for: it proves nothing where another label is expected. */
  label: string
  text: string
}

/** 43 characters that need no escape in a URL or a page. Undefined without a secret. */
export const sign = ([secret]: Secrets, claim: Claim): string | undefined =>
  secret === undefined ? undefined : digestOf(secret, claim).toString('base64url')

/** Takes equally long for right and wrong signatures. False without a secret: then nothing can be proved. */
export function verify(secrets: Secrets, claim: Claim, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url')
  // Of any length and alphabet: compared in full only if it is as long as a signature.
  const candidate = given.length === digestBytes ? given : Buffer.alloc(digestBytes)
  const matches = secrets.map((secret) => timingSafeEqual(digestOf(secret, claim), candidate))
  return signature.length === signatureLength && matches.includes(true)
}

const digestBytes = 32
const signatureLength = 43

const digestOf = (secret: string, { label, text }: Claim): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify([label, text]))
    .digest()
