// How many partitions the topics have on a cluster, whatever is declared.
import type { Admin } from 'kafkajs'
import type { Topic } from './event.ts'

/** Topics that were made just now reach the brokers one after the other, so a missing one is looked for again. */
export async function partitionsOf(admin: Admin, topics: Topic[]): Promise<Map<string, number>> {
  const names = topics.map(({ name }) => name)
  for (let tries = 1; ; tries++) {
    const existing = new Set(await admin.listTopics())
    const missing = names.filter((name) => !existing.has(name))
    if (missing.length === 0) break
    if (tries === 10) {
      const expected = `Expected the topics ${missing.join(', ')}, found none`
      throw new Error(`${expected}: npm run topics -- apply makes them`)
    }
    await settling()
  }
  for (let tries = 1; ; tries++) {
    try {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: names })
      return new Map(found.map(({ name, partitions }) => [name, partitions.length]))
    } catch (error) {
      if (tries === 10) throw error
      await settling()
    }
  }
}

const settling = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300))
