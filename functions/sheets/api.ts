// Google's own client for Sheets, and what its errors mean for a delivery.
import { auth, sheets, type sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js'
import { Rejected, RetryLater } from '#kit/errors.ts'

/** `rootUrl`: an emulator, which asks for no credentials. Without it: Google, with its default credentials. */
export function connectSheets(rootUrl: string | undefined, timeout = 20_000): sheets_v4.Sheets {
  const scopes = ['https://www.googleapis.com/auth/spreadsheets']
  return sheets({
    version: 'v4',
    timeout,
    retry: false,
    ...(rootUrl ? { rootUrl, auth: 'emulator' } : { auth: new auth.GoogleAuth({ scopes }) }),
  })
}

interface ApiError extends Error {
  status?: number
}

/** What can pass by itself is tried later; what Sheets refuses is final: once repaired, its dead letters are replayed. */
export function toTaskError(error: ApiError): Error {
  if (error instanceof Rejected || error instanceof RetryLater) return error
  const { status } = error
  // The tab changed between two calls: the next attempt looks again.
  const changed = status === 400 && /exceeds grid limits|already exists/i.test(error.message)
  if (!status || [401, 408, 429].includes(status) || status >= 500 || changed) {
    return new RetryLater(`Google Sheets answered ${status ?? 'nothing'}`, { cause: error })
  }
  return new Rejected(`Google Sheets refused: ${status} ${error.message}`, { cause: error })
}
