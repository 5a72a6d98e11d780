// The Knative Eventing resources of a task: KafkaSource and PingSource deliver to it, KafkaSink and SinkBinding take its events.
import type { Topic } from '#kafka/define-event.ts'
import { deadLetter } from '#kafka/events.ts'
import { type AnyTask, inputsOf } from '#kit/define-task.ts'
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

/** The brokers of kafka/strimzi/development.yaml. Overlays replace them. */
const bootstrapServers = ['formstream-kafka-bootstrap.kafka:9092']

export function eventingOf(task: AnyTask): Resource[] {
  const output = outputOf(task)
  const ping = pingSource(task)
  return [kafkaSource(task), ...(output ? sinkOf(task.name, output) : []), ...(ping ? [ping] : [])]
}

/** All events of a task go to one topic. */
const outputOf = ({ emits }: AnyTask): Topic | undefined => emits[0]?.topic

function kafkaSource(task: AnyTask): Resource {
  const { name } = task
  const topics = inputsOf(task)
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0)
  return {
    apiVersion: sources,
    kind: 'KafkaSource',
    metadata: { ...metadataOf(name), annotations: scaleByLag(partitions) },
    spec: {
      bootstrapServers,
      topics: topics.map((topic) => topic.name),
      // Fixed, so that a recreated source continues at the committed offsets.
      consumerGroup: name,
      initialOffset: 'earliest',
      // `ordered` would deliver one event per partition at a time, with 200 ms per poll.
      ordering: 'unordered',
      consumers: partitions,
      // Setting any of these removes the defaults of the others, so all are set.
      delivery: {
        retry: rules.retries,
        backoffPolicy: 'linear',
        backoffDelay: seconds(rules.delay),
        timeout: seconds(rules.timeout),
        // Not the KafkaSink directly: it refuses records that are not events, and they would be lost.
        deadLetterSink: reference(serving, 'Service', deadLetterFacts().name),
      },
      sink: reference(serving, 'Service', name),
    },
  }
}

const seconds = (ms: number): string => `PT${ms / 1000}S`

/** Used if KEDA is installed and config-kafka-features has `controller-autoscaler-keda: enabled`. */
const scaleByLag = (partitions: number): Record<string, string> => ({
  'autoscaling.eventing.knative.dev/min-scale': '1',
  'autoscaling.eventing.knative.dev/max-scale': String(partitions),
  'autoscaling.eventing.knative.dev/lag-threshold': '1000',
  'autoscaling.eventing.knative.dev/polling-interval': '15',
  'autoscaling.eventing.knative.dev/cooldown-period': '300',
})

/** A sink for one topic, bound to the one function that writes to it. */
export const sinkOf = (name: string, output: Topic): Resource[] => [
  kafkaSink(output),
  sinkBinding(name, output),
]

/** Without partitions and replicas, with which Knative would create the topic: topics are defined in kafka/topics.yaml. */
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

/**
 * Restrict each sink to the function that writes to it. Not part of the base, because Knative refuses them unless its feature
 * `authentication-oidc` is enabled.
 */
export function eventPolicies(tasks: AnyTask[]): Resource[] {
  const writers = tasks.map((task) => ({ name: task.name, output: outputOf(task) }))
  const all = [{ name: deadLetterFacts().name, output: deadLetter }, ...writers]
  return all.flatMap(({ name, output }) => (output ? [eventPolicy(name, output)] : []))
}

/** The sender's identity is the one that Knative gives to the SinkBinding. */
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
