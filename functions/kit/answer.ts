// A delivery over HTTP, free of any runtime: reads the event, delivers it, and answers with the status that says what happens next.
import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/event.ts'
import { Rejected, RetryLater } from './errors.ts'
import { NotAnEvent, readEvent } from './http-event.ts'

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
export async function answer(
  { deliver, log }: Delivering,
  headers: IncomingHttpHeaders,
  body: string | Buffer,
): Promise<Answer> {
  let event: FormEvent | undefined
  try {
    event = readEvent(headers, body)
    await deliver(event)
    return { status: 204 }
  } catch (error) {
    if (error instanceof NotAnEvent) return problem(400, error.message)
    return failed(error as Error, log.child({ event: event?.id, form: event?.form }))
  }
}

function failed(error: Error, log: Logger): Answer {
  if (error instanceof Rejected) {
    log.warn(error.message)
    return problem(422, error.message)
  }
  if (error instanceof RetryLater) {
    log.warn({ cause: (error.cause as Error | undefined)?.message }, error.message)
    return problem(503, error.message)
  }
  log.error(error)
  return problem(500, 'The task failed')
}

export const problem = (status: number, title: string): Answer => ({
  status,
  body: JSON.stringify({ title, status }),
})
