// How busy the event loop of this process was in the last moment, 0 to 1: at 1, more at once makes nothing faster.
import { performance } from 'node:perf_hooks'

/** Of an answer: what the function's process says of itself to who delivers. */
export const busyHeader = 'event-loop-busy'

const every = 50

export function watchBusy(): () => number {
  let [last, at, busy] = [performance.eventLoopUtilization(), performance.now(), 0]
  return () => {
    const now = performance.now()
    if (now - at < every) return busy
    const current = performance.eventLoopUtilization()
    busy = performance.eventLoopUtilization(current, last).utilization
    last = current
    at = now
    return busy
  }
}
