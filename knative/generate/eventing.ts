// What brings events to a task and takes its own away: KafkaSource, KafkaSink, SinkBinding, PingSource.
import type { Topic } from '#kafka/define-event.ts'
import { deadLetter } from '#kafka/events.ts'
import type { AnyTask } from '#kit/define-task.ts'
import { rules } from '#kit/delivery-rules.ts'
import { deadLetterFacts } from './function-facts.ts'
import {
  eventing,
  metadataOf,
  type Resource,
  reference,
  serving,
  sources,
  toName,
} from './resource.ts'

/** Of kafka/strimzi/development.yaml; an overlay may put others. */
const bootstrapServers = ['formstream-kafka-bootstrap.kafka:9092']

export function eventingOf(task: AnyTask): Resource[] {
  const output = outputOf(task)
  const ping = pingSource(task)
  return [kafkaSource(task), ...(output ? sinkOf(task.name, output) : []), ...(ping ? [ping] : [])]
}

/** All that a task emits is of one topic. */
const outputOf = ({ emits }: AnyTask): Topic | undefined => emits[0]?.topic

function kafkaSource({ name, on: { topic } }: AnyTask): Resource {
  return {
    apiVersion: sources,
    kind: 'KafkaSource',
    metadata: { ...metadataOf(name), annotations: byLag(topic) },
    spec: {
      bootstrapServers,
      topics: [topic.name],
      // Fixed, so that a source that is made again goes on where it was.
      consumerGroup: name,
      initialOffset: 'earliest',
      // Ordered, it waits 200 ms for each poll and has one delivery under way for each partition.
      ordering: 'unordered',
      consumers: topic.partitions,
      // With any of these the defaults of the others are gone.
      delivery: {
        retry: rules.retries,
        backoffPolicy: 'linear',
        backoffDelay: seconds(rules.delay),
        timeout: seconds(rules.timeout),
        // Not the KafkaSink itself: it refuses what is no event, and that would be lost.
        deadLetterSink: reference(serving, 'Service', deadLetterFacts().name),
      },
      sink: reference(serving, 'Service', name),
    },
  }
}

const seconds = (ms: number): string => `PT${ms / 1000}S`

/** Read by Knative where KEDA is installed and config-kafka-features has `controller-autoscaler-keda: enabled`. */
const byLag = ({ partitions }: Topic): Record<string, string> => ({
  'autoscaling.eventing.knative.dev/min-scale': '1',
  'autoscaling.eventing.knative.dev/max-scale': String(partitions),
  'autoscaling.eventing.knative.dev/lag-threshold': '1000',
  'autoscaling.eventing.knative.dev/polling-interval': '15',
  'autoscaling.eventing.knative.dev/cooldown-period': '300',
})

/** The sink of one topic, and the one function that writes to it. */
export const sinkOf = (name: string, output: Topic): Resource[] => [
  kafkaSink(output),
  sinkBinding(name, output),
]

/** Never with partitions or replicas of its own: topics belong to kafka/topics.yaml. */
const kafkaSink = ({ name }: Topic): Resource => ({
  apiVersion: eventing,
  kind: 'KafkaSink',
  metadata: metadataOf(toName(name)),
  spec: { topic: name, contentMode: 'binary', bootstrapServers },
})

const sinkBinding = (name: string, output: Topic): Resource => ({
  apiVersion: sources,
  kind: 'SinkBinding',
  metadata: metadataOf(name),
  spec: {
    subject: { apiVersion: serving, kind: 'Service', name },
    sink: reference(eventing, 'KafkaSink', toName(output.name)),
  },
})

/** Who writes to a sink, and nobody else. Knative refuses them unless its feature `authentication-oidc` is enabled, so they are no part of the base. */
export function eventPolicies(tasks: AnyTask[]): Resource[] {
  const writers = tasks.map((task) => ({ name: task.name, output: outputOf(task) }))
  const all = [{ name: deadLetterFacts().name, output: deadLetter }, ...writers]
  return all.flatMap(({ name, output }) => (output ? [eventPolicy(name, output)] : []))
}

/** The identity is the one that Knative gives to the SinkBinding. */
const eventPolicy = (name: string, output: Topic): Resource => ({
  apiVersion: eventing,
  kind: 'EventPolicy',
  metadata: metadataOf(toName(output.name)),
  spec: {
    from: [reference(sources, 'SinkBinding', name)],
    to: [reference(eventing, 'KafkaSink', toName(output.name))],
  },
})

function pingSource({ name, every }: AnyTask): Resource | undefined {
  if (!every) return undefined
  return {
    apiVersion: sources,
    kind: 'PingSource',
    metadata: metadataOf(name),
    spec: {
      schedule: every.schedule,
      timezone: 'UTC',
      sink: reference(serving, 'Service', name),
    },
  }
}
