// What the KafkaSinks need for the events that tasks publish, with the settings of knative/kafka-sink and as Knative ships them.
import { submitted } from '#kafka/events.ts'
import { roundUp } from './capacity.ts'
import { cited } from './measured.ts'
import { type Line, number, percent } from './print.ts'

export interface PlannedSinks {
  /** Events a second. */
  perSecond: number
  receivers: number
  /** Cores of all brokers together. */
  brokerCores: number
  shippedBrokerCores: number
}

interface TopicRate {
  name: string
  perSecond: number
}

/** One receiver serves all KafkaSinks. The endpoint writes to Kafka without one. */
export function planSinks(topics: TopicRate[]): PlannedSinks {
  const published = topics.filter(({ name }) => name !== submitted.name)
  const perSecond = published.reduce((sum, topic) => sum + topic.perSecond, 0)
  const each = cited.sinkPerSecond.value * cited.busy.value
  return {
    perSecond,
    receivers: Math.max(1, roundUp(perSecond / each)),
    brokerCores: (perSecond * cited.sinkMicroseconds.value) / 1e6,
    shippedBrokerCores: (perSecond * cited.shippedSinkMicroseconds.value) / 1e6,
  }
}

export const sinkLines = (sinks: PlannedSinks): Line[] => [
  {
    what: 'receivers of KafkaSinks',
    amount: String(sinks.receivers),
    how:
      `${number(sinks.perSecond)}/s ÷ (${number(cited.sinkPerSecond.value)}/s × ${percent(cited.busy.value)}); ` +
      `without knative/kafka-sink each takes ${number(cited.shippedSinkPerSecond.value)}/s`,
    from: [cited.sinkPerSecond.from, cited.busy.from],
  },
  {
    what: 'CPU of brokers for KafkaSinks',
    amount: percent(sinks.brokerCores),
    how:
      `of a core: ${number(sinks.perSecond)}/s × ${cited.sinkMicroseconds.value} µs; ` +
      `without knative/kafka-sink ${percent(sinks.shippedBrokerCores)}`,
    from: [cited.sinkMicroseconds.from],
  },
]
