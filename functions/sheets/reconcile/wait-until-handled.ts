// Waits until a task of the running instance has handled all that is there.
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceClient } from '../../../local/knative/instance-client.ts'

/** How long it may take no event off the log before nobody waits for it any more. */
const patience = 30_000

/** Resolves to 0 when the task has settled all events, or else to how many it does not settle. */
export async function settled(
  instance: Pick<InstanceClient, 'lag'>,
  task: string,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let since = performance.now(); performance.now() - since < patience; await delay(200)) {
    const { [task]: lag = 0 } = await instance.lag()
    if (lag === 0) return 0
    if (lag < least) since = performance.now()
    least = Math.min(least, lag)
  }
  return least
}
