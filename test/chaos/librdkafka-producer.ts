// A producer on librdkafka, to compare kafkajs with. Its package is not a dependency: it is loaded from a given folder.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { OutgoingRecord, PartitionProducer } from '#kafka/log/kafka/partition-producer.ts'

interface Client {
  connect(): Promise<void>
  send(batch: {
    topic: string
    messages: (OutgoingRecord & { partition: number })[]
  }): Promise<unknown>
  disconnect(): Promise<void>
}

/** `folder`: where @confluentinc/kafka-javascript is installed, built for this version of Node. */
export async function librdkafkaProducers(folder: string, brokers: string) {
  const load = createRequire(join(folder, 'package.json'))
  const { Kafka } = load(folder).KafkaJS
  const kafka = new Kafka({ kafkaJS: { brokers: brokers.split(','), logLevel: 0 } })
  // One producer for all partitions: librdkafka batches and retries for each by itself.
  const client: Client = kafka.producer({
    kafkaJS: { acks: -1, idempotent: true, allowAutoTopicCreation: false },
    'delivery.timeout.ms': 600_000,
    'linger.ms': 0,
  })
  await client.connect()
  return {
    open: async (topic: string, partition: number): Promise<PartitionProducer> => ({
      async send(records) {
        await client.send({ topic, messages: records.map((one) => ({ ...one, partition })) })
      },
      close: async () => {},
    }),
    close: () => client.disconnect(),
  }
}
