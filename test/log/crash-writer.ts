// Appends 50 events at a time until it is killed, and prints the id of each event once it is acknowledged.
import type { Log } from '#kafka/log/port.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

export async function write(log: Log): Promise<never> {
  let n = 0
  async function appendForever(): Promise<never> {
    for (;;) {
      const id = String(n++)
      await log.append(topic, makeSubmission(id))
      process.stdout.write(`${id}\n`)
    }
  }
  return Promise.race(Array.from({ length: 50 }, appendForever))
}
