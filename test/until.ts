import { setTimeout as delay } from 'node:timers/promises'

/** Longer than the time limit of any test: this only ends the polling of a test that has failed, so that Jest can exit. */
const maxWait = 180_000

/** Calls `read` every 50 ms until it gives a value other than undefined or false. */
export async function until<Value>(
  read: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  for (const start = performance.now(); performance.now() - start < maxWait; ) {
    const value = await read()
    if (value !== undefined && value !== false) return value
    await delay(50)
  }
  throw new Error('Expected the condition to hold within three minutes')
}
