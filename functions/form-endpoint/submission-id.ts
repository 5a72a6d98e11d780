// Idempotency keys and submission ids. The id of a submission is made once, here, from form, key and canonical answers.
import { hash, randomUUID } from 'node:crypto'

/** The last digits of the endpoint's own keys since ids are made from canonical answers. */
const mark = '5e27'
/** When that began. Before, ids were made from the values that the form kept, in the order of its file. */
const markedSince = Date.parse('2026-11-27T00:00:00Z')

/** For a client that sent no key: a UUIDv7 (RFC 9562), random and ordered by time, that ends with `mark`. */
export function newIdempotencyKey(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  // A random UUID has version 4. Everything behind its version digit is as in version 7.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15, -mark.length)}${mark}`
}

const uuid7 = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * The same form, key and answers give the same id, so that a repeat is the same submission; other answers give another id. The id
 * is a UUIDv7 with the time of the key if that is a UUIDv7, else a UUIDv8.
 */
export function submissionId(form: string, key: string, canonical: string): string {
  const digest = hash('sha256', JSON.stringify([form, key, canonical]), 'hex')
  const keyTime = uuid7.exec(key)?.[1]
  const time = keyTime ?? `${digest.slice(48, 56)}-${digest.slice(56, 60)}`
  const variant = '89ab'[Number.parseInt(digest[15] as string, 16) % 4]
  return `${time}-${keyTime ? 7 : 8}${digest.slice(0, 3)}-${variant}${digest.slice(3, 6)}-${digest.slice(16, 28)}`
}

/**
 * True for a key that an earlier version of the endpoint made: a first request may have been stored under an id of that time, and
 * its repeat must get the same id. A later UUIDv7 without the mark was made by a client.
 */
export function isLegacyKey(key: string): boolean {
  if (key.endsWith(mark)) return false
  const time = uuid7.exec(key)?.[1]
  if (time === undefined) return false
  return Number.parseInt(time.replace('-', ''), 16) < markedSince
}
