// Google's own client for Sheets, and what its errors mean for the rows that wait.
import { sheets, type sheets_v4 } from '@googleapis/sheets'
import { RetryLater } from '#kit/errors.ts'
import { TimelyAuth } from './credentials.ts'
import { BadCredentials, Blocked } from './errors.ts'
import type { Governor } from './quota.ts'
import { reasonIn } from './redact.ts'

export interface ApiOptions {
  /** An emulator, which asks for no credentials. Without it: Google, with its default credentials. */
  rootUrl?: string | undefined
  /** Milliseconds until a call counts as failed. */
  timeout?: number
  /** Without it calls are made at once, as a person's commands are. */
  governor?: Governor | undefined
  /** Called after each call, with Google's status. */
  onCall?: ((kind: 'read' | 'write', status: number) => void) | undefined
}

export function connectSheets({
  rootUrl,
  timeout = 20_000,
  governor,
  onCall,
}: ApiOptions): sheets_v4.Sheets {
  return sheets({
    version: 'v4',
    retry: false,
    ...(rootUrl ? { rootUrl, auth: 'emulator' } : { auth: new TimelyAuth(timeout) }),
    async adapter(options, send) {
      const kind = options.method === 'GET' ? 'read' : 'write'
      // Waiting for the quota is no failure: the time runs from when the call is made.
      const call = () => {
        const signal = AbortSignal.timeout(timeout)
        return send({ ...options, signal }).catch((error: Error) => {
          throw signal.aborted ? new Error(notWithin(timeout), { cause: error }) : error
        })
      }
      const answer = await (governor ? governor.call(kind, call) : call())
      onCall?.(kind, answer.status)
      return answer
    },
  })
}

const notWithin = (timeout: number): string =>
  `Expected an answer of Google within ${timeout} ms, found none`

interface ApiError extends Error {
  status?: number
  code?: string | number
}

const credentials =
  /invalid_grant|invalid_client|unauthorized_client|invalid_rapt|default credentials|private key|ENOENT|PEM/i

/** What can pass by itself is `RetryLater`. */
export function toSheetsError(error: ApiError): Error {
  if (error instanceof RetryLater || error instanceof Blocked || error instanceof BadCredentials)
    return error
  const { status } = error
  const reason = reasonIn(error.message)
  if (status === 401 || credentials.test(reason)) {
    // Without an answer it is of this machine, such as the name of a file that cannot be read.
    const why = status ? reason : error.message
    return new BadCredentials(`Google does not accept the credentials: ${why}`)
  }
  // The tab changed between two calls: the next attempt looks again.
  const changed = status === 400 && /exceeds grid limits/i.test(reason)
  if (!status || status === 408 || status === 429 || status >= 500 || changed) {
    return new RetryLater(status ? `Google answered ${status}: ${reason}` : reason)
  }
  return new Blocked(`Google Sheets refused: ${status} ${reason}`)
}
