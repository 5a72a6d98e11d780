import type { Form } from '#kit/forms/form.ts'
import type { Secrets } from '../sign.ts'
import { stampNeeded } from './refusals.ts'
import { timeOfStamp } from './stamp.ts'

interface HiddenFields {
  _trap?: unknown
  _stamp?: unknown
}

/**
 * Whether the sender filled in what people do not see, or was faster than people are. Throws a 403 without a stamp of the page: a
 * program that knows no better is told, as its submissions would otherwise be lost without a word.
 */
export function isBot({ id, protect }: Form, body: object, secrets: Secrets): boolean {
  const { _trap: trap, _stamp: stamp } = body as HiddenFields
  const isTrapped = protect.trap && trap !== undefined && trap !== ''
  if (protect.minSeconds === 0) return isTrapped
  const time = timeOfStamp(secrets, id, stamp)
  if (time === undefined) throw stampNeeded(protect)
  return isTrapped || Date.now() - time < protect.minSeconds * 1000
}
