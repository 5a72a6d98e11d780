// The number of partitions that topics have on a cluster, which may differ from the declared one.
import { setTimeout as delay } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Topic } from '../define-event.ts'

/** Rejects if a topic is missing. Retries for 6 s, because a new topic takes a moment to reach all brokers. */
export async function partitionsOf(admin: Admin, topics: Topic[]): Promise<Map<string, number>> {
  const names = topics.map(({ name }) => name)
  for (let tries = 1; ; tries++) {
    const last = tries === 20
    const counted = await countPartitions(admin, names).catch((error) => {
      if (last) throw error
      return new Map<string, number>()
    })
    const missing = names.filter((name) => !counted.has(name))
    if (missing.length === 0) return counted
    if (last) {
      const expected = `Expected the topics ${missing.join(', ')}, found none`
      throw new Error(`${expected}: npm run topics -- apply creates them`)
    }
    await delay(300)
  }
}

/** Only of topics that exist. */
export async function countPartitions(admin: Admin, names: string[]): Promise<Map<string, number>> {
  // Some clusters create a topic whose metadata is requested.
  const existing = new Set(await admin.listTopics())
  const topics = names.filter((name) => existing.has(name))
  // For an empty list kafkajs returns all topics.
  if (topics.length === 0) return new Map()
  const found = await admin.fetchTopicMetadata({ topics })
  return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]))
}
