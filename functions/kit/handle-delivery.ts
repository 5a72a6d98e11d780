// Handles one delivery over HTTP, independent of the server: reads the event, delivers it, and chooses the status of the response.
import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import { Rejected, RetryLater } from './errors.ts'
import { NotAnEvent, readEvent } from './http/read-event.ts'
import { Outage } from './outage.ts'
import { printable } from './printable.ts'

/** Bytes: the size limit of a record in the log. */
export const bodyLimit = 2 ** 20

export const problemType = 'application/problem+json'

export interface DeliveryResponse {
  status: number
  /** Media type `problemType`; undefined on success. */
  body?: string
}

/** Never rejects: a runtime would answer an error in its own way. */
export type HandleDelivery = (
  headers: IncomingHttpHeaders,
  body: string | Buffer,
) => Promise<DeliveryResponse>

interface Delivering {
  deliver: (event: FormEvent) => Promise<unknown>
  log: Logger
}

export function deliveryHandler({ deliver, log }: Delivering): HandleDelivery {
  const outage = new Outage(log, {
    failing: 'deliveries fail and will be retried',
    working: 'deliveries succeed again',
  })

  function toResponse(error: unknown, event: { event?: string; form?: string }): DeliveryResponse {
    if (error instanceof Rejected) {
      log.warn(event, error.message)
      return problem(422, error.message)
    }
    if (error instanceof RetryLater) {
      outage.failed('warn', error, event)
      return problem(503, error.message)
    }
    outage.failed('error', error, event)
    return problem(500, 'The task failed')
  }

  return async (headers, body) => {
    let event: FormEvent | undefined
    try {
      event = readEvent(headers, body)
      await deliver(event)
      outage.worked()
      return { status: 204 }
    } catch (error) {
      if (error instanceof NotAnEvent) return problem(400, error.message)
      return toResponse(error, logFields(event))
    }
  }
}

/** Id and form were written by the producer, so they are escaped. */
const logFields = (event: FormEvent | undefined): { event?: string; form?: string } => ({
  ...(event && { event: printable(event.id) }),
  ...(typeof event?.form === 'string' && { form: printable(event.form) }),
})

export const problem = (status: number, title: string): DeliveryResponse => ({
  status,
  body: JSON.stringify({ title, status }),
})
