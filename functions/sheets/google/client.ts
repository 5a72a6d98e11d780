// Google's client for Sheets, with a time limit for each call, within the quota.
import { sheets, type sheets_v4 } from '@googleapis/sheets'
import { DeadlineAuth } from './credentials.ts'
import type { Quota } from './quota.ts'

export type SheetsApi = sheets_v4.Sheets

export interface ClientOptions {
  /** Address of an emulator, which needs no credentials. Default: Google, with its default credentials. */
  rootUrl?: string | undefined
  /** Time limit for one call, ms. */
  timeout?: number
  /** Without it, calls are made at once. */
  quota?: Quota | undefined
  /** Called after each call with the status of the answer. */
  onCall?: ((kind: 'read' | 'write', status: number) => void) | undefined
}

export function connectSheets({
  rootUrl,
  timeout = 20_000,
  quota,
  onCall,
}: ClientOptions): SheetsApi {
  return sheets({
    version: 'v4',
    retry: false,
    ...(rootUrl ? { rootUrl, auth: 'emulator' } : { auth: new DeadlineAuth(timeout) }),
    async adapter(options, send) {
      const kind = options.method === 'GET' ? 'read' : 'write'
      // The time limit begins here, after the wait for the quota.
      const call = () => {
        const signal = AbortSignal.timeout(timeout)
        return send({ ...options, signal }).catch((error: Error) => {
          throw signal.aborted ? new Error(timedOut(timeout), { cause: error }) : error
        })
      }
      const answer = await (quota ? quota.call(kind, call) : call())
      onCall?.(kind, answer.status)
      return answer
    },
  })
}

const timedOut = (timeout: number): string =>
  `Expected an answer of Google within ${timeout} ms, found none`
