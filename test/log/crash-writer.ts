// Appends without end, 50 at a time, and prints the id of each event once it is acknowledged. Its parent kills it.
import type { Log } from '#kafka/log/port.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

export async function write(log: Log): Promise<never> {
  let n = 0
  async function lane(): Promise<never> {
    for (;;) {
      const id = String(n++)
      await log.append(topic, makeSubmission(id))
      process.stdout.write(`${id}\n`)
    }
  }
  return Promise.race(Array.from({ length: 50 }, lane))
}
