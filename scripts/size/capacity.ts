// How much a part takes and how many of it a load needs: Little's law and the bounds. Arithmetic only.

/** Little's law: what is under way at once is what arrives in the time that one takes. */
export const inFlight = (perSecond: number, ms: number): number => (perSecond * ms) / 1000

/** The next whole number; what binary fractions add to an exact result does not count. */
export const wholes = (amount: number): number => Math.ceil(Number(amount.toPrecision(12)))

/** What one consumer of a KafkaSource does. */
export interface ConsumerBounds {
  perSecond: number
  inFlight: number
}

/** A function as one of its replicas serves it. */
export interface Served {
  /** Milliseconds of one event. */
  ms: number
  /** Deliveries at once in one replica: the most. */
  concurrency: number
  /** Events a second that a replica has the CPU for. */
  replicaPerSecond: number
}

/** Events a second that so many replicas take from so many consumers. */
export function eventsPerSecond(
  { ms, concurrency, replicaPerSecond }: Served,
  { consumers, replicas }: { consumers: number; replicas: number },
  bounds: ConsumerBounds,
): number {
  const underWay = Math.min(consumers * bounds.inFlight, replicas * concurrency)
  return Math.min((underWay * 1000) / ms, consumers * bounds.perSecond, replicas * replicaPerSecond)
}

export interface Replicas {
  count: number
  bound: 'concurrency' | 'CPU' | 'minimum'
}

/** What Knative goes to by the deliveries under way; more where these would not have the CPU; never below the minimum. */
export function replicasFor(
  perSecond: number,
  {
    ms,
    target,
    min,
    replicaPerSecond,
  }: Omit<Served, 'concurrency'> & Record<'target' | 'min', number>,
  { utilization, busy }: { utilization: number; busy: number },
): Replicas {
  const byConcurrency = wholes(inFlight(perSecond, ms) / (target * utilization))
  const byCpu = wholes(perSecond / (replicaPerSecond * busy))
  const least = Math.max(1, min)
  if (byCpu > Math.max(byConcurrency, least)) return { count: byCpu, bound: 'CPU' }
  if (byConcurrency > least) return { count: byConcurrency, bound: 'concurrency' }
  return { count: least, bound: 'minimum' }
}

/** Consumers of a KafkaSource, with room to catch up. Each needs a partition of its own. */
export function consumersFor(
  perSecond: number,
  ms: number,
  { bounds, busy }: { bounds: ConsumerBounds; busy: number },
): number {
  const share = Math.max(perSecond / bounds.perSecond, inFlight(perSecond, ms) / bounds.inFlight)
  return Math.max(1, wholes(share / busy))
}
