// A delivery over HTTP, free of any runtime: reads the event, delivers it, and answers with the status that says what happens next.
import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import { Rejected, RetryLater } from './errors.ts'
import { NotAnEvent, readEvent } from './http/read-event.ts'
import { Outage } from './outage.ts'
import { shown } from './printable.ts'

/** As large as the log's records may be. */
export const bodyLimit = 2 ** 20

export const problemType = 'application/problem+json'

export interface Answer {
  status: number
  /** Of `problemType`; nothing where all went well. */
  body?: string
}

interface Delivering {
  deliver: (event: FormEvent) => Promise<unknown>
  log: Logger
}

/** Never rejects: what a runtime makes of an error is its own. */
export type Answerer = (headers: IncomingHttpHeaders, body: string | Buffer) => Promise<Answer>

export function answerer({ deliver, log }: Delivering): Answerer {
  const outage = new Outage(log, {
    failing: 'deliveries fail, and come again',
    working: 'deliveries succeed again',
  })

  function failed(error: unknown, event: { event?: string; form?: string }): Answer {
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
      return failed(error, whichOf(event))
    }
  }
}

/** For the log: both are what a producer wrote. */
const whichOf = (event: FormEvent | undefined): { event?: string; form?: string } => ({
  ...(event && { event: shown(event.id) }),
  ...(typeof event?.form === 'string' && { form: shown(event.form) }),
})

export const problem = (status: number, title: string): Answer => ({
  status,
  body: JSON.stringify({ title, status }),
})
