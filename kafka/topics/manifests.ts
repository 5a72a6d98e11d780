// The declared topics as resources for Strimzi's topic operator. `npm run generate` writes them to kafka/topics.yaml.
import type { Topic } from '../define-event.ts'
import { planTopic } from './plan.ts'

export interface KafkaTopic {
  apiVersion: 'kafka.strimzi.io/v1'
  kind: 'KafkaTopic'
  metadata: { name: string; labels: Record<string, string> }
  spec: { partitions: number; replicas: number; config: Record<string, string> }
}

export const topicManifests = (topics: Topic[], brokers: number): KafkaTopic[] =>
  topics.map((topic) => {
    const { name, ...spec } = planTopic(topic, brokers)
    return {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name, labels: { 'strimzi.io/cluster': 'formstream' } },
      spec,
    }
  })
