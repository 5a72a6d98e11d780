// Google's own client for Sheets, and what its errors mean for a delivery.
import { auth, sheets, type sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js'
import { Rejected, RetryLater } from '#kit/errors.ts'

/** Google answers within 180 s or never; what is slower than this is tried again. */
const timeout = 20_000

/** `rootUrl`: an emulator, which asks for no credentials. Without it: Google, with its default credentials. */
export function connectSheets(rootUrl: string | undefined): sheets_v4.Sheets {
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

/** What can pass by itself or be repaired is tried later; what Sheets refuses for good is final. */
export function toTaskError(error: ApiError): Error {
  if (error instanceof Rejected || error instanceof RetryLater) return error
  const { status } = error
  // The tab changed between two calls: the next attempt looks again.
  const changed = status === 400 && /exceeds grid limits|already exists/i.test(error.message)
  if (!status || status === 401 || status === 429 || status >= 500 || changed) {
    return new RetryLater(`Google Sheets answered ${status ?? 'nothing'}`, { cause: error })
  }
  return new Rejected(`Google Sheets refused: ${status} ${error.message}`, { cause: error })
}
