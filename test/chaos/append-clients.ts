// The clients that the suite `appends` compares. Each appends to a topic of its own, at the same time and under the same faults.
import type { Topic } from '#kafka/define-event.ts'
import { analyzed, recorded, submitted, validated } from '#kafka/events.ts'
import type { KafkaLogOptions } from '#kafka/log/kafka/log.ts'
import { librdkafkaProducers } from './librdkafka-producer.ts'
import { platformaticProducers } from './platformatic-producer.ts'

export interface AppendClient {
  name: string
  topic: Topic
  openProducer?: KafkaLogOptions['openProducer']
  close?: () => Promise<void>
}

export interface Compared {
  /** Also kafkajs on a topic with order by key. */
  byKey: boolean
  /** Folder of an installed @confluentinc/kafka-javascript. */
  librdkafka?: string | undefined
  /** Folder of an installed @platformatic/kafka. */
  platformatic?: string | undefined
}

/** The first client is the product's own. */
export async function appendClients(
  brokers: string,
  { byKey, librdkafka, platformatic }: Compared,
): Promise<AppendClient[]> {
  const clients: AppendClient[] = [{ name: 'kafkajs', topic: submitted }]
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
