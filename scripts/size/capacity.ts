// Rates and sizes of events, and how many consumers and replicas a rate needs.
import { toMessage } from '#kafka/binary-mode.ts'
import { type Topic, toEvent } from '#kafka/define-event.ts'
import { submissionValidated, submitted } from '#kafka/events.ts'
import { inputsOf } from '#kit/define-task.ts'

/** Little's law: events in flight at a rate, if each takes `ms`. */
export const inFlight = (perSecond: number, ms: number): number => (perSecond * ms) / 1000

/** Rounds up, but ignores what binary fractions add to an exact result: 21.000000000000004 is 21. */
export const roundUp = (amount: number): number => Math.ceil(Number(amount.toPrecision(12)))

/** Limits of one consumer of a KafkaSource. */
export interface ConsumerLimits {
  perSecond: number
  inFlight: number
}

/** How one replica of a function handles events. */
export interface Replica {
  /** Time for one event, ms. */
  ms: number
  /** Deliveries that it takes at the same time. */
  concurrency: number
  /** Events a second that it has the CPU for. */
  replicaPerSecond: number
}

/** The rate that these consumers and replicas can handle. */
export function eventsPerSecond(
  { ms, concurrency, replicaPerSecond }: Replica,
  { consumers, replicas }: { consumers: number; replicas: number },
  limits: ConsumerLimits,
): number {
  const underWay = Math.min(consumers * limits.inFlight, replicas * concurrency)
  return Math.min((underWay * 1000) / ms, consumers * limits.perSecond, replicas * replicaPerSecond)
}

export interface Replicas {
  count: number
  /** The limit that decides the count. */
  bound: 'concurrency' | 'CPU' | 'minimum'
}

type Scaling = Omit<Replica, 'concurrency'> & Record<'target' | 'min', number>

/** Replicas that Knative scales to by deliveries in flight; more if these lack the CPU, and at least the minimum. */
export function replicasFor(
  perSecond: number,
  { ms, target, min, replicaPerSecond }: Scaling,
  { utilization, busy }: { utilization: number; busy: number },
): Replicas {
  const byConcurrency = roundUp(inFlight(perSecond, ms) / (target * utilization))
  const byCpu = roundUp(perSecond / (replicaPerSecond * busy))
  const minimum = Math.max(1, min)
  if (byCpu > Math.max(byConcurrency, minimum)) return { count: byCpu, bound: 'CPU' }
  if (byConcurrency > minimum) return { count: byConcurrency, bound: 'concurrency' }
  return { count: minimum, bound: 'minimum' }
}

/** Consumers of a KafkaSource, with room to catch up. Each needs a partition. */
export function consumersFor(
  perSecond: number,
  ms: number,
  { limits, busy }: { limits: ConsumerLimits; busy: number },
): number {
  const share = Math.max(perSecond / limits.perSecond, inFlight(perSecond, ms) / limits.inFlight)
  return Math.max(1, roundUp(share / busy))
}

/** A task, as far as rates depend on it. */
export interface Reader {
  name: string
  on: readonly { topic: Topic }[]
  emits: readonly { topic: Topic }[]
}

/** Events a second that a task gets, from all its topics. */
export const rateOfTask = (task: Reader, tasks: Reader[], submissionsPerSecond: number): number =>
  inputsOf(task).reduce((sum, { name }) => sum + rateOf(name, tasks, submissionsPerSecond), 0)

/** Events a second of a topic, at most: every form lists every task, and each task emits one event for each. */
export function rateOf(topic: string, tasks: Reader[], submissionsPerSecond: number): number {
  if (topic === submitted.name) return submissionsPerSecond
  const writers = tasks.filter(({ emits }) => emits[0]?.topic.name === topic)
  return writers.reduce((sum, task) => sum + rateOfTask(task, tasks, submissionsPerSecond), 0)
}

/** Overhead of the format (https://kafka.apache.org/documentation/#messageformat): a batch, a record, the lengths of each header. */
const overhead = { batch: 61, record: 9, header: 2 }

/**
 * Size of an event in Kafka, in a batch of its own, as at low rates. Calculated for `forms.validated`; events of other topics are
 * about as large or smaller.
 */
export function eventBytes(submissionBytes: number): number {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  const event = toEvent(submissionValidated({ version: '0123456789ab', answers: {} }), {
    id: `${id}.validation.0`,
    source: '/tasks/validation',
    subject: id,
    time: '2026-01-01T00:00:00.000Z',
    form: 'student-data',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  })
  const { headers, body } = toMessage(event)
  const text = [id, ...Object.entries(headers).flat(), body].join('')
  const format = overhead.batch + overhead.record + overhead.header * Object.keys(headers).length
  return Buffer.byteLength(text) - '{}'.length + submissionBytes + format
}
