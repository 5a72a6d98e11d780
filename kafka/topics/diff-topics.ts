// Brings the topics of a cluster to what is declared. Creates and alters; never deletes, never takes partitions away.
import kafkajs, { type Admin } from 'kafkajs'
import type { Topic } from '../define-event.ts'
import { planTopic, type TopicPlan } from './plan.ts'

export interface Change {
  topic: string
  what: string
  /** Undefined where only a person can do it. */
  apply: (() => Promise<unknown>) | undefined
}

/** What is to be done, in words and as calls; nothing where the cluster is as declared. */
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
    const what = `add partitions: ${found.length} to ${partitions} (keys move to others)`
    const more = { topicPartitions: [{ topic: name, count: partitions }] }
    changes.push({ topic: name, what, apply: () => admin.createPartitions(more) })
  }
  const least = Math.min(...found.map((partition) => partition.replicas.length))
  if (least < replicas) {
    const what = `has ${least} replicas, declared are ${replicas}: reassign its partitions by hand`
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
  const wrong = Object.entries(config).filter(([key, value]) => found.get(key) !== value)
  if (wrong.length === 0) return []
  const what = wrong.map(([key, value]) => `${key}: ${found.get(key)} to ${value}`).join(', ')
  // The call replaces all settings of the topic, so all declared ones go with it.
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
