// The id of a submission is decided once, here at the door, from the form, a key and the canonical answers.
import { hash, randomUUID } from 'node:crypto'

/** A key for somebody who sent none: a UUIDv7 (RFC 9562), random and ordered by time, with `mark` at its end. */
export function newKey(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  // A random UUID is a version 4: behind its version digit everything is as a version 7 wants it.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15, -mark.length)}${mark}`
}

/** What the keys of the endpoint end with, since ids are made of what was sent. */
const mark = '5e27'
/** Since then; before, ids were made of what the form kept, in the order of its file. */
const sent = Date.parse('2026-11-27T00:00:00Z')

const uuid7 = /^([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * The same form, key and answers give the same id, so a repeat is the same submission; other answers give another id.
 * A key that is a UUIDv7 gives its time to the id (UUIDv7, too); under any other key the id is a UUIDv8.
 */
export function submissionId(form: string, key: string, canonical: string): string {
  const digest = hash('sha256', JSON.stringify([form, key, canonical]), 'hex')
  const timed = uuid7.exec(key)?.[1]
  const time = timed ?? `${digest.slice(48, 56)}-${digest.slice(56, 60)}`
  const variant = '89ab'[Number.parseInt(digest[15] as string, 16) % 4]
  return `${time}-${timed ? 7 : 8}${digest.slice(0, 3)}-${variant}${digest.slice(3, 6)}-${digest.slice(16, 28)}`
}

/**
 * True for a key that an earlier version of the endpoint made: its first request was perhaps stored under the id of that time, and a
 * repeat must get the same one. A UUIDv7 without the mark that was made since is a client's own.
 */
export function isFormerKey(key: string): boolean {
  const timed = uuid7.exec(key)?.[1]
  if (timed === undefined || key.endsWith(mark)) return false
  return Number.parseInt(timed.replace('-', ''), 16) < sent
}
