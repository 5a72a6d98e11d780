// Waits for a condition, with a limit that no working task reaches.
import { setTimeout as delay } from 'node:timers/promises'

/** ms. A task that waits for a lease, or backs off after a failure, needs some seconds; a busy machine needs more. */
const usualLimit = 45_000
const pause = 20

/** Throws what `failure` returns if the condition does not hold in time. */
export async function waitFor(
  holds: () => boolean | Promise<boolean>,
  failure: () => Error | Promise<Error>,
  limit = usualLimit,
): Promise<void> {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > limit) throw await failure()
    await delay(pause)
  }
}
