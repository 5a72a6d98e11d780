// The resources that a load needs: partitions, consumers, replicas, brokers, disk, network.
import type { Topic } from '#kafka/define-event.ts'
import { submitted } from '#kafka/events.ts'
import { planTopic } from '#kafka/topics/plan.ts'
import { inputsOf } from '#kit/define-task.ts'
import type { FunctionFacts } from '../../knative/generate/function-facts.ts'
import {
  consumersFor,
  eventBytes,
  eventsPerSecond,
  inFlight,
  type Reader,
  rateOf,
  rateOfTask,
  replicasFor,
  roundUp,
} from './capacity.ts'
import type { Input } from './input.ts'
import { cited, type Figure, type Measured } from './measured.ts'
import { planSinks } from './sinks.ts'

export interface PlanOptions {
  input: Input
  tasks: Reader[]
  topics: Topic[]
  /** Facts of the endpoint and of each task, by name. */
  facts: Record<string, Pick<FunctionFacts, 'scale' | 'resources'>>
  measured: Measured
}

export type Plan = ReturnType<typeof planFor>
export type PlannedFunction = ReturnType<typeof planFunction>
export type PlannedTask = ReturnType<typeof planTask>
export type PlannedTopic = ReturnType<typeof planOneTopic>

const minBrokers = 3

/** Copies of each event on different brokers. */
export const { replicas } = planTopic(submitted, minBrokers)

export function planFor(options: PlanOptions) {
  const { input } = options
  const bytes = eventBytes(input.submissionBytes)
  const tasks = options.tasks.map((task) => planTask(task, options))
  const topics = options.topics.map((topic) => planOneTopic(topic, tasks, options))
  const written = bytes * sum(topics.map(({ perSecond }) => perSecond))
  return {
    input,
    eventBytes: bytes,
    endpoint: planEndpoint(options),
    tasks,
    topics,
    sinks: planSinks(topics),
    brokers: brokersFor(written, sum(topics.map(({ partitions }) => partitions))),
    disk: sum(topics.map((topic) => topic.bytes)) / cited.diskShare.value,
    monthly: written * replicas * input.peakHours * 3600 * 30,
    /** Bytes a second. */
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
  const byBytes = roundUp((written * replicas) / each)
  const byPartitions = roundUp((partitions * replicas) / cited.brokerPartitions.value)
  return Math.max(minBrokers, byBytes, byPartitions)
}

function planOneTopic(
  { name, partitions: declared, retention }: Topic,
  planned: PlannedTask[],
  { input, tasks }: PlanOptions,
) {
  const perSecond = rateOf(name, tasks, input.submissionsPerSecond)
  const seconds = input.peakHours * 3600 * (retention.days ?? 0)
  const consumers = planned
    .filter(({ topics }) => topics.includes(name))
    .map((task) => task.consumers)
  return {
    name,
    perSecond,
    partitions: Math.max(declared, ...consumers),
    declared,
    days: retention.days,
    /** On all brokers together, once the first events are old enough to be deleted. */
    bytes: perSecond * seconds * eventBytes(input.submissionBytes) * replicas,
  }
}

const [utilization, busy] = [cited.utilization.value, cited.busy.value]
const limits = { perSecond: cited.consumerPerSecond.value, inFlight: cited.consumerInFlight.value }
const orderedLimits = { perSecond: cited.orderedPerSecond.value, inFlight: 1 }

const planEndpoint = ({ input, facts, measured }: PlanOptions) =>
  planFunction(facts, {
    name: 'form-endpoint',
    perSecond: input.submissionsPerSecond,
    ms: measured.appendMs,
    perCore: measured.endpointPerSecond,
    // People send to the endpoint directly.
    consumers: Number.POSITIVE_INFINITY,
  })

function planTask(task: Reader, { input, tasks, facts, measured }: PlanOptions) {
  const { name } = task
  const topics = inputsOf(task).map((topic) => topic.name)
  const perSecond = rateOfTask(task, tasks, input.submissionsPerSecond)
  // The task that reads the submissions, validation, does the same work as the endpoint.
  const ms = topics.includes(submitted.name)
    ? measured.appendMs
    : { value: input.taskMs, from: '--task-ms' }
  const consumers = consumersFor(perSecond, ms.value, { limits, busy })
  const perCore = measured.coreDeliveries
  return {
    ...planFunction(facts, { name, perSecond, ms, perCore, consumers }),
    topics,
    consumers,
    /** Consumers, and so partitions, if the order of events had to be kept. */
    ordered: consumersFor(perSecond, ms.value, { limits: orderedLimits, busy }),
  }
}

interface FunctionLoad {
  name: string
  perSecond: number
  /** Time for one event. */
  ms: Figure
  /** Events a second of one core. */
  perCore: Figure
  consumers: number
}

function planFunction(
  facts: PlanOptions['facts'],
  { name, perSecond, ms, perCore, consumers }: FunctionLoad,
) {
  const found = facts[name]
  if (!found) throw new Error(`Expected the scale of ${name}, found none`)
  const { scale, resources } = found
  const cpu = { ...perCore, value: perCore.value * Number(resources.limits.cpu) }
  const replica = { ms: ms.value, concurrency: scale.concurrency, replicaPerSecond: cpu.value }
  return {
    name,
    perSecond,
    ms,
    underWay: inFlight(perSecond, ms.value),
    scale,
    /** Events a second that a replica has the CPU for. */
    cpu,
    needed: replicasFor(perSecond, { ...replica, ...scale }, { utilization, busy }),
    /** Events a second with the maximum of replicas and these consumers. */
    maxPerSecond: eventsPerSecond(replica, { consumers, replicas: scale.max }, limits),
  }
}

const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0)
