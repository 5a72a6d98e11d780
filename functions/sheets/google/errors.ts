// Maps Google's errors to how the waiting rows are handled.
import { RetryLater } from '#kit/errors.ts'
import { redactMessage } from './redact.ts'

/** Google refuses this spreadsheet until a person repairs something. Rows of other spreadsheets are still written. */
export class Blocked extends Error {
  override name = 'Blocked'
}

/** Google refuses the credentials, so nothing can be written. */
export class BadCredentials extends Error {
  override name = 'BadCredentials'
}

/** True if retries fail until a person repairs something. */
export const needsRepair = (error: Error | undefined): boolean =>
  error instanceof Blocked || error instanceof BadCredentials

interface ApiError extends Error {
  status?: number
  code?: string | number
}

/** HTTP status of Google's answer; 0 if there was none. */
export const statusOf = (error: unknown): number => (error as ApiError).status ?? 0

const credentials =
  /invalid_grant|invalid_client|unauthorized_client|invalid_rapt|default credentials|private key|ENOENT|PEM/i

/** Rows were deleted since the tab was last read, so that a range now lies outside the grid. */
export const isOutsideGrid = (message: string): boolean => /exceeds grid limits/i.test(message)

/** Returns RetryLater for what may pass by itself, otherwise Blocked or BadCredentials. */
export function toSheetsError(error: Error): Error {
  if (error instanceof RetryLater || needsRepair(error)) return error
  const status = statusOf(error)
  const reason = redactMessage(error.message)
  if (status === 401 || credentials.test(reason)) {
    // Without an answer the message is from this machine, such as the name of a file that cannot be read: safe to show in full.
    const detail = status ? reason : error.message
    return new BadCredentials(`Google does not accept the credentials: ${detail}`)
  }
  // The next attempt reads the tab again.
  const changed = status === 400 && isOutsideGrid(reason)
  if (!status || status === 408 || status === 429 || status >= 500 || changed)
    return new RetryLater(status ? `Google answered ${status}: ${reason}` : reason)
  return new Blocked(`Google Sheets refused: ${status} ${reason}`)
}
