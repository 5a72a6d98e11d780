// What a load needs, in numbers: partitions, consumers, replicas, brokers, disk, network. It is given all that it multiplies.
import type { Topic } from '#kafka/define-event.ts'
import { submitted } from '#kafka/events.ts'
import { planTopic } from '#kafka/topics/plan.ts'
import type { FunctionFacts } from '../../knative/generate/facts.ts'
import { wholes } from './capacity.ts'
import { eventBytes, type Reader, rateOf } from './flow.ts'
import type { Input } from './input.ts'
import { cited, type Measured } from './measured.ts'
import { type PlannedFunction, type PlannedTask, planEndpoint, planTask } from './plan-function.ts'

export type { PlannedFunction, PlannedTask }

export interface Given {
  input: Input
  tasks: Reader[]
  topics: Topic[]
  /** Of the endpoint and of each task, by name. */
  facts: Record<string, Pick<FunctionFacts, 'scale' | 'resources'>>
  measured: Measured
}

export interface PlannedTopic {
  name: string
  perSecond: number
  partitions: number
  declared: number
  days: number | null
  /** On all brokers together, once the first events are as old as they get. */
  bytes: number
}

export type Plan = ReturnType<typeof planFor>

const leastBrokers = 3

/** Of each event. */
export const { replicas } = planTopic(submitted, leastBrokers)

export function planFor(given: Given) {
  const { input } = given
  const bytes = eventBytes(input.submissionBytes)
  const tasks = given.tasks.map((task) => planTask(task, given))
  const topics = given.topics.map((topic) => planOneTopic(topic, tasks, given))
  const written = bytes * sum(topics.map(({ perSecond }) => perSecond))
  return {
    input,
    eventBytes: bytes,
    endpoint: planEndpoint(given),
    tasks,
    topics,
    brokers: brokersFor(written, sum(topics.map(({ partitions }) => partitions))),
    disk: sum(topics.map((topic) => topic.bytes)) / cited.diskShare.value,
    monthly: written * replicas * input.peakHours * 3600 * 30,
    network: {
      endpoint: input.submissionsPerSecond * input.submissionBytes,
      written,
      between: written * (replicas - 1),
      read: bytes * sum(tasks.map(({ perSecond }) => perSecond)),
    },
  }
}

function brokersFor(written: number, partitions: number): number {
  const each = cited.brokerBytesPerSecond.value * cited.brokerShare.value
  const byBytes = wholes((written * replicas) / each)
  const byPartitions = wholes((partitions * replicas) / cited.brokerPartitions.value)
  return Math.max(leastBrokers, byBytes, byPartitions)
}

function planOneTopic(
  { name, partitions: declared, retention }: Topic,
  planned: PlannedTask[],
  { input, tasks }: Given,
): PlannedTopic {
  const perSecond = rateOf(name, tasks, input.submissionsPerSecond)
  const seconds = input.peakHours * 3600 * (retention.days ?? 0)
  return {
    name,
    perSecond,
    partitions: Math.max(
      declared,
      ...planned.filter(({ topic }) => topic === name).map(({ consumers }) => consumers),
    ),
    declared,
    days: retention.days,
    bytes: perSecond * seconds * eventBytes(input.submissionBytes) * replicas,
  }
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0)
