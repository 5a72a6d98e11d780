// A lane's producer on librdkafka, through a package that is no dependency of ours: to hold kafkajs against it.
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

/** `folder`: of an installed @confluentinc/kafka-javascript, whose native part is built for this Node. */
export async function librdkafkaProducers(folder: string, brokers: string) {
  const load = createRequire(join(folder, 'package.json'))
  const { Kafka } = load(folder).KafkaJS
  const kafka = new Kafka({ kafkaJS: { brokers: brokers.split(','), logLevel: 0 } })
  // Its own threads batch and retry for all partitions, so one producer serves all lanes.
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
