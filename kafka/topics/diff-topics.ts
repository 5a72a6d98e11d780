// Compares the topics of a cluster with the declared ones. Creates and alters topics; never deletes one or removes partitions.
import kafkajs, { type Admin } from 'kafkajs'
import type { Topic } from '../define-event.ts'
import { planTopic, type TopicPlan } from './plan.ts'

export interface Change {
  topic: string
  /** For people to read. */
  what: string
  /** Undefined if it has to be done by hand. */
  apply: (() => Promise<unknown>) | undefined
}

/** The changes that make the cluster match the declaration; none if it does. */
export async function diffTopics(admin: Admin, topics: Topic[]): Promise<Change[]> {
  const { brokers } = await admin.describeCluster()
  const existing = new Set(await admin.listTopics())
  const plans = topics.map((topic) => planTopic(topic, brokers.length))
  const changes = plans.map((plan) =>
    existing.has(plan.name) ? compare(admin, plan) : [creation(admin, plan)],
  )
  return (await Promise.all(changes)).flat()
}

function creation(admin: Admin, plan: TopicPlan): Change {
  const { name, partitions, replicas, config } = plan
  const topic = {
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
  }
  return {
    topic: name,
    what: `create with ${partitions} partitions, ${replicas} replicas, ${show(config)}`,
    apply: () => admin.createTopics({ topics: [topic], waitForLeaders: false }),
  }
}

async function compare(admin: Admin, plan: TopicPlan): Promise<Change[]> {
  const { name, partitions, replicas } = plan
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
  const found = topics[0]?.partitions ?? []
  const changes: Change[] = []
  if (found.length < partitions) {
    const what = `add partitions: ${found.length} to ${partitions} (keys move to other partitions)`
    const more = { topicPartitions: [{ topic: name, count: partitions }] }
    changes.push({ topic: name, what, apply: () => admin.createPartitions(more) })
  }
  const minReplicas = Math.min(...found.map((partition) => partition.replicas.length))
  if (minReplicas < replicas) {
    const what = `has ${minReplicas} replicas instead of ${replicas}: reassign its partitions by hand`
    changes.push({ topic: name, what, apply: undefined })
  }
  return [...changes, ...(await compareConfig(admin, plan))]
}

async function compareConfig(admin: Admin, { name, config }: TopicPlan): Promise<Change[]> {
  const type = kafkajs.ConfigResourceTypes.TOPIC
  const configNames = Object.keys(config)
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type, name, configNames }],
  })
  const found = new Map(
    resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]),
  )
  const different = Object.entries(config).filter(([key, value]) => found.get(key) !== value)
  if (different.length === 0) return []
  const what = different.map(([key, value]) => `${key}: ${found.get(key)} to ${value}`).join(', ')
  // The call replaces all settings of the topic, so it must contain all declared ones.
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }))
  const altered = [{ type, name, configEntries }]
  return [
    {
      topic: name,
      what: `set ${what}`,
      apply: () => admin.alterConfigs({ validateOnly: false, resources: altered }),
    },
  ]
}

const show = (config: Record<string, string>): string =>
  Object.entries(config)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
