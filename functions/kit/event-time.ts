// The time of an event, within bounds: clocks of other producers may be wrong by years, and rows are written in its order.

/** Milliseconds that the clock of another machine may be ahead of this one's. */
const skew = 60_000

/** As it is where that can be; else now: it is no date, before 1970, or still to come. */
export function boundedTime(time: string | undefined, now = Date.now()): string {
  const milliseconds = Date.parse(time ?? '')
  const possible = milliseconds > 0 && milliseconds <= now + skew
  return time !== undefined && possible ? time : new Date(now).toISOString()
}
