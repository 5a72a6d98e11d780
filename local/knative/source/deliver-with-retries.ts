// Delivers one record to a task over HTTP by the delivery rules: retries with linear backoff, then a dead letter.
import { setTimeout as delay } from 'node:timers/promises'
import { formOf } from '#kafka/binary-mode.ts'
import { judge } from '#kit/delivery-rules.ts'
import type { FailedRecord } from '../../../functions/dead-letter/failed-record.ts'
import type { PostEvent } from '../running-function.ts'
import type { DeliverySlots } from './delivery-slots.ts'
import { type DeadLetterOptions, type Failure, writeDeadLetter } from './write-dead-letter.ts'

export interface DeliveryOptions extends DeadLetterOptions {
  post: PostEvent
  slots: DeliverySlots
}

/** Returns false if the record became a dead letter. Rejects if the signal aborts first. */
export async function deliverWithRetries(
  record: FailedRecord,
  options: DeliveryOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { rules } = options
  for (let retry = 0; ; retry++) {
    const response = await deliverOnce(record, options, signal)
    const verdict = judge(response.status)
    if (verdict === 'done') return true
    if (verdict === 'final' || retry >= rules.retries) {
      await writeDeadLetter(record, response, { ...options, signal })
      return false
    }
    await delay((retry + 1) * rules.delay, undefined, { signal })
  }
}

/** Holds a slot during the request only, not between two attempts and not while the dead letter is written. */
async function deliverOnce(
  record: FailedRecord,
  { post, slots }: DeliveryOptions,
  signal: AbortSignal,
): Promise<Failure> {
  const form = formOf(record)
  await slots.take(form, signal)
  const posted = post(record.headers, record.bytes ?? record.body)
  const response: Failure & { busy?: number } = await posted.catch(noResponse)
  slots.giveBack(form, response.busy)
  return response
}

const noResponse = (error: Error): Failure => ({ status: undefined, body: error.message })
