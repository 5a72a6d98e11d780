// How busy the event loop of this process is, from 0 to 1. At 1, more deliveries at once make nothing faster.
import { performance } from 'node:perf_hooks'

/** Response header in which a function tells the source how busy it is. */
export const busyHeader = 'event-loop-busy'

/** Length of one measurement, ms. */
const interval = 50

export function watchBusy(): () => number {
  let [last, at, busy] = [performance.eventLoopUtilization(), performance.now(), 0]
  return () => {
    const now = performance.now()
    if (now - at < interval) return busy
    const current = performance.eventLoopUtilization()
    busy = performance.eventLoopUtilization(current, last).utilization
    last = current
    at = now
    return busy
  }
}
