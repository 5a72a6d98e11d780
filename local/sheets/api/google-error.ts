// Errors in the shape of Google's APIs: { error: { code, message, status, errors } }.
import type * as z from 'zod'

const statuses: Record<number, [status: string, reason: string]> = {
  400: ['INVALID_ARGUMENT', 'badRequest'],
  401: ['UNAUTHENTICATED', 'authError'],
  403: ['PERMISSION_DENIED', 'forbidden'],
  404: ['NOT_FOUND', 'notFound'],
  429: ['RESOURCE_EXHAUSTED', 'rateLimitExceeded'],
  500: ['INTERNAL', 'backendError'],
  503: ['UNAVAILABLE', 'backendError'],
}

export class GoogleError extends Error {
  override name = 'GoogleError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const invalid = (message: string) => new GoogleError(400, message)

export const toBody = ({ code, message }: { code: number; message: string }) => {
  const [status, reason] = statuses[code] ?? statuses[400]!
  return { error: { code, message, status, errors: [{ message, domain: 'global', reason }] } }
}

/** Checks what a client sent. The error names the path as Google does: `Invalid data[0].range`. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  const names = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  throw invalid(path.length ? `Invalid ${names.join('').replace(/^\./, '')}: ${message}` : message)
}
