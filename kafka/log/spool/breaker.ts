// A circuit breaker: whether events may be appended to the log. Pure, the caller passes the time.
//
// closed: the log works. open: it does not, nothing is appended to it. half-open: it may work again, one append tries.

export type Breaker =
  | { state: 'closed' }
  /** `until`: not tried before this time, in milliseconds. */
  | { state: 'open'; until: number }
  | { state: 'half-open' }

/** An append `worked` or `failed`; or the log was asked, and says that it is `ready` or `unready`. */
export type Observation = 'worked' | 'failed' | 'ready' | 'unready'

/** Milliseconds between two trials. Constant, because a log that is away says `unready` and is not tried at all. */
export const openFor = 1000

export const closed: Breaker = { state: 'closed' }

export function after(breaker: Breaker, observed: Observation, now: number): Breaker {
  if (breaker.state === 'open') {
    // Appends that began before still fail and work: neither says whether the next one would.
    return observed === 'ready' && now >= breaker.until ? { state: 'half-open' } : breaker
  }
  if (observed === 'failed' || observed === 'unready')
    return { state: 'open', until: now + openFor }
  return observed === 'worked' ? closed : breaker
}
