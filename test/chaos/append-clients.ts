// The clients of the suite `appends`: instances of the product, and others to compare with, each kind on a topic of its own. All append at
// the same time and under the same faults.
import type { Topic } from '#kafka/define-event.ts'
import { analyzed, recorded, submitted, validated } from '#kafka/events.ts'
import type { KafkaLogOptions } from '#kafka/log/kafka/log.ts'
import { librdkafkaProducers } from './librdkafka-producer.ts'
import { platformaticProducers } from './platformatic-producer.ts'

export interface AppendClient {
  /** Unique; the ids of its events begin with it. */
  name: string
  topic: Topic
  openProducer?: KafkaLogOptions['openProducer']
  close?: () => Promise<void>
}

export interface Compared {
  /** Number of instances of the product, which all append to forms.submitted. */
  instances: number
  /** Also kafkajs on a topic with order by key. */
  byKey: boolean
  /** Folder of an installed @confluentinc/kafka-javascript. */
  librdkafka?: string | undefined
  /** Folder of an installed @platformatic/kafka. */
  platformatic?: string | undefined
}

/** Begins the names of the product's instances. */
export const own = 'kafkajs.'

export async function appendClients(
  brokers: string,
  { instances, byKey, librdkafka, platformatic }: Compared,
): Promise<AppendClient[]> {
  const clients: AppendClient[] = Array.from({ length: instances }, (_, n) => ({
    name: `${own}${n + 1}`,
    topic: submitted,
  }))
  if (byKey) clients.push({ name: 'by-key', topic: validated })
  if (librdkafka) {
    const { open, close } = await librdkafkaProducers(librdkafka, brokers)
    const topic: Topic = { ...recorded, order: 'none' }
    clients.push({ name: 'librdkafka', topic, openProducer: open, close })
  }
  if (platformatic) {
    const topic: Topic = { ...analyzed, order: 'none' }
    const openProducer = await platformaticProducers(platformatic, brokers)
    clients.push({ name: 'platformatic', topic, openProducer })
  }
  return clients
}
