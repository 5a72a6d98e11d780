// What a load needs of one function: replicas, and the consumers that deliver to it.
import { submitted } from '#kafka/events.ts'
import type { FunctionFacts } from '../../knative/generate/facts.ts'
import { consumersFor, eventsPerSecond, inFlight, type Replicas, replicasFor } from './capacity.ts'
import { type Reader, rateOf } from './flow.ts'
import { cited, type Figure } from './measured.ts'
import type { Given } from './plan.ts'

export interface PlannedFunction {
  name: string
  perSecond: number
  /** Milliseconds of one event. */
  ms: Figure
  underWay: number
  scale: FunctionFacts['scale']
  /** Events a second that a replica has the CPU for. */
  cpu: Figure
  needed: Replicas
  /** Events a second with as many replicas as are allowed, and with these consumers. */
  most: number
}

export interface PlannedTask extends PlannedFunction {
  /** That it reads. */
  topic: string
  consumers: number
  /** Consumers, and so partitions, where events had to keep their order. */
  ordered: number
}

const [utilization, busy] = [cited.utilization.value, cited.busy.value]
const bounds = { perSecond: cited.consumerPerSecond.value, inFlight: cited.consumerInFlight.value }
const orderedBounds = { perSecond: cited.orderedPerSecond.value, inFlight: 1 }

interface Load {
  name: string
  perSecond: number
  ms: Figure
  perCore: Figure
  /** Infinite where people come by themselves. */
  consumers: number
}

export const planEndpoint = ({ input, facts, measured }: Given): PlannedFunction =>
  planFunction(facts, {
    name: 'form-endpoint',
    perSecond: input.submissionsPerSecond,
    ms: measured.appendMs,
    perCore: measured.endpointPerSecond,
    consumers: Number.POSITIVE_INFINITY,
  })

export function planTask(
  { name, on }: Reader,
  { input, tasks, facts, measured }: Given,
): PlannedTask {
  const topic = on.topic.name
  const perSecond = rateOf(topic, tasks, input.submissionsPerSecond)
  // What reads the submissions themselves checks them and publishes, as the endpoint did.
  const ms =
    topic === submitted.name ? measured.appendMs : { value: input.taskMs, from: '--task-ms' }
  const consumers = consumersFor(perSecond, ms.value, { bounds, busy })
  const perCore = measured.coreDeliveries
  return {
    ...planFunction(facts, { name, perSecond, ms, perCore, consumers }),
    topic,
    consumers,
    ordered: consumersFor(perSecond, ms.value, { bounds: orderedBounds, busy }),
  }
}

function planFunction(
  facts: Given['facts'],
  { name, perSecond, ms, perCore, consumers }: Load,
): PlannedFunction {
  const found = facts[name]
  if (!found) throw new Error(`Expected the scale of ${name}, found none`)
  const { scale, resources } = found
  const cpu = { ...perCore, value: perCore.value * Number(resources.limits.cpu) }
  const served = { ms: ms.value, concurrency: scale.concurrency, replicaPerSecond: cpu.value }
  return {
    name,
    perSecond,
    ms,
    underWay: inFlight(perSecond, ms.value),
    scale,
    cpu,
    needed: replicasFor(perSecond, { ...served, ...scale }, { utilization, busy }),
    most: eventsPerSecond(served, { consumers, replicas: scale.max }, bounds),
  }
}
