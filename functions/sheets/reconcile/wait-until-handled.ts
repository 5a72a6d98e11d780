// Waits until the task has handled all events in the log.
import { setTimeout as delay } from 'node:timers/promises'
import type { Instance } from './instance.ts'

/** Gives up if the task handles no event for so long, ms. */
const maxStandstill = 30_000
const pollPause = 200

/** Resolves to 0 once all events are handled, otherwise to the number of events that are left. */
export async function waitUntilHandled(
  instance: Pick<Instance, 'lag'>,
  task: string,
): Promise<number> {
  let minLag = Number.POSITIVE_INFINITY
  let lastProgress = performance.now()
  for (; performance.now() - lastProgress < maxStandstill; await delay(pollPause)) {
    const { [task]: lag = 0 } = await instance.lag()
    if (lag === 0) return 0
    if (lag < minLag) lastProgress = performance.now()
    minLag = Math.min(minLag, lag)
  }
  return minLag
}
