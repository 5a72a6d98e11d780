// Jest's global setup: Kafka is fetched once, before the workers start, so that they do not run Maven at the same time.
import { join } from 'node:path'
import { fetchJars } from '../local/kafka/fetch-jars.ts'

/** `nonFlagArgs`: the files or folders that were asked for. */
export default function fetchKafka({ nonFlagArgs }: { nonFlagArgs: string[] }): void {
  // No test of a function needs brokers, and whoever writes a task need not wait for them.
  if (nonFlagArgs.length > 0 && nonFlagArgs.every((path) => path.startsWith('functions/'))) return
  try {
    fetchJars(join(import.meta.dirname, '..', '.cache', 'kafka'), console.log)
  } catch (error) {
    console.warn(`Kafka was not fetched: ${(error as Error).message}`)
  }
}
