import { setTimeout as delay } from 'node:timers/promises'

/** Calls `read` every 50 ms until it returns a value other than undefined or false. Has no time limit of its own. */
export async function until<Value>(
  read: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  for (;;) {
    const value = await read()
    if (value !== undefined && value !== false) return value
    await delay(50)
  }
}
