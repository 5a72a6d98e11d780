// What a task throws to say what happens next. Anything else is a fault: 500, retried.

/** Final: no retry can help. Answered with 422; the event goes to the dead letters with the reason. */
export class Rejected extends Error {
  override name = 'Rejected'
}

/** Not now: try the same event again later. Answered with 503; the source backs off and retries. */
export class RetryLater extends Error {
  override name = 'RetryLater'
}
