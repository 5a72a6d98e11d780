// Divides long synchronous work into slices, so that requests are answered in between.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Length of a slice, ms. */
const slice = 10

/** Returns a function to await between two steps of the work, however small they are. */
export function yieldToRequests(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < slice) return
    await nextTurn()
    began = performance.now()
  }
}
