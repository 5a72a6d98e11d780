// How many partitions the topics have on a cluster, whatever is declared.
import type { Admin } from 'kafkajs'
import type { Topic } from '../define-event.ts'

/** Topics that were made just now reach the brokers one after the other, so a missing one is looked for again. */
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
      throw new Error(`${expected}: npm run topics -- apply makes them`)
    }
    await settling()
  }
}

/** Of those that are there now. */
export async function countPartitions(admin: Admin, names: string[]): Promise<Map<string, number>> {
  // Asked for a topic that is not there, some clusters make it.
  const existing = new Set(await admin.listTopics())
  const topics = names.filter((name) => existing.has(name))
  // Asked for none, kafkajs answers with all.
  if (topics.length === 0) return new Map()
  const found = await admin.fetchTopicMetadata({ topics })
  return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]))
}

const settling = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300))
