// The id of a submission is decided once, here at the door, from the form, a key and the canonical answers.
import { hash } from 'node:crypto'
import { v7 as uuidv7, validate, version } from 'uuid'

/** A key for somebody who sent none: random, and ordered by time. */
export const newKey = (): string => uuidv7()

/**
 * The same form, key and answers give the same id, so a repeat is the same submission; other answers give another id.
 * A key that is a UUIDv7 gives its time to the id (UUIDv7, too); under any other key the id is a UUIDv8 (RFC 9562).
 */
export function submissionId(form: string, key: string, canonical: string): string {
  const digest = hash('sha256', JSON.stringify([form, key, canonical]), 'hex')
  const timed = validate(key) && version(key) === 7
  const time = timed
    ? key.toLowerCase().slice(0, 13)
    : `${digest.slice(48, 56)}-${digest.slice(56, 60)}`
  const variant = '89ab'[Number.parseInt(digest[15] as string, 16) % 4]
  return `${time}-${timed ? 7 : 8}${digest.slice(0, 3)}-${variant}${digest.slice(3, 6)}-${digest.slice(16, 28)}`
}
