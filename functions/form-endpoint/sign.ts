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
  secret === undefined ? undefined : textOf(secret, claim).toString()

/** Takes equally long for right and wrong signatures. False without a secret: then nothing can be proved. */
export function verify(secrets: Secrets, claim: Claim, signature: string): boolean {
  // The text is compared, not the bytes it stands for: four last characters of base64url stand for the same 32 bytes.
  const given = Buffer.from(signature)
  // Of any length: compared in full only if it is as long as a signature.
  const candidate = given.length === signatureLength ? given : Buffer.alloc(signatureLength)
  const matches = secrets.map((secret) => timingSafeEqual(textOf(secret, claim), candidate))
  return matches.includes(true)
}

const signatureLength = 43

const textOf = (secret: string, { label, text }: Claim): Buffer =>
  Buffer.from(
    createHmac('sha256', secret)
      .update(JSON.stringify([label, text]))
      .digest('base64url'),
  )
