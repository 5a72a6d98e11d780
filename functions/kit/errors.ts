// Errors that a task throws to decide whether an event is retried. Any other error is a fault: answered with 500 and retried.

/** Never retried. Answered with 422; the event becomes a dead letter with this message. */
export class Rejected extends Error {
  override name = 'Rejected'
}

/** Retried later. Answered with 503; the source repeats the delivery after a pause. */
export class RetryLater extends Error {
  override name = 'RetryLater'
}
