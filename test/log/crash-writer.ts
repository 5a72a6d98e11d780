// Appends without end, 50 at a time, and prints the id of each event once it is acknowledged. Its parent kills it.
import type { Log } from '#kafka/log/port.ts'
import { given, topic } from './events.ts'

export async function write(log: Log): Promise<never> {
  let n = 0
  async function lane(): Promise<never> {
    for (;;) {
      const id = String(n++)
      await log.append(topic, given(id))
      process.stdout.write(`${id}\n`)
    }
  }
  return Promise.race(Array.from({ length: 50 }, lane))
}
