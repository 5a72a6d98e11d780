// Jest's global setup: Kafka is fetched once, before the workers start, so that they do not run Maven at the same time.
import { join } from 'node:path'
import { fetchJars } from '../local/kafka/fetch-jars.ts'

export default function fetchKafka(): void {
  try {
    fetchJars(join(import.meta.dirname, '..', '.cache', 'kafka'), console.log)
  } catch (error) {
    console.warn(`Kafka was not fetched: ${(error as Error).message}`)
  }
}
