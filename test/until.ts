// Waiting for what other processes do.
import { setTimeout as delay } from 'node:timers/promises'

/** Calls `read` every 50 ms until it gives a value other than undefined or false. The time limit of the test ends it. */
export async function until<Value>(
  read: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  for (;;) {
    const value = await read()
    if (value !== undefined && value !== false) return value
    await delay(50)
  }
}
