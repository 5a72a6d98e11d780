// What the process of a task tells `npm run task`.
import type { Outcome } from '#kit/deliver.ts'
import { Rejected, RetryLater } from '#kit/errors.ts'

export type Failure = 'Rejected' | 'RetryLater' | 'Fault' | 'Not started'

export type Report =
  /** Milliseconds of the delivery. */
  | { outcome: Outcome; ms: number }
  /** `text`: the message; of a fault with its stack. */
  | { failure: Failure; text: string; ms: number }
  /** What a dry run did not do. */
  | { avoided: string }

/** A delivery that threw. */
export function toFailure(error: unknown, ms: number): Report {
  const { message, stack = message, cause } = error as Error
  const because = cause instanceof Error ? `\n  because: ${cause.message}` : ''
  if (error instanceof Rejected) return { failure: 'Rejected', text: message + because, ms }
  if (error instanceof RetryLater) return { failure: 'RetryLater', text: message + because, ms }
  return { failure: 'Fault', text: stack + because, ms }
}
