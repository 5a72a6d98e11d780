// The address of a receipt. Who has it may see the receipt: its token is a signature of the submission's id.
import { type Secrets, sign, verify } from '../sign.ts'

const label = 'receipt'

/** Undefined without a secret. */
export function receiptToken(secrets: Secrets, id: string): string | undefined {
  return sign(secrets, { label, text: id })
}

export const receiptAddress = (id: string, token: string): string =>
  `/submissions/${id}?token=${token}`

export const isToken = (secrets: Secrets, id: string, token: string): boolean =>
  verify(secrets, { label, text: id }, token)
