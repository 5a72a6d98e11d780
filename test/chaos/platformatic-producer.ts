// A producer on @platformatic/kafka, to compare kafkajs with. Its package is not a dependency: it is loaded from a given folder.
import { join } from 'node:path'
import type { OutgoingRecord, PartitionProducer } from '#kafka/log/kafka/partition-producer.ts'

interface Client {
  send(batch: {
    messages: (OutgoingRecord & { topic: string; partition: number })[]
  }): Promise<{ offsets?: { topic: string; partition: number }[] }>
  close(force: boolean): Promise<void>
}

const retryDelay = (_client: unknown, _operation: string, attempt: number): number =>
  Math.min(1000, 50 * 2 ** Math.min(attempt, 5))

/** `folder`: where @platformatic/kafka is installed. */
export async function platformaticProducers(folder: string, brokers: string) {
  const { Producer, stringSerializers } = await import(join(folder, 'dist', 'index.js'))
  return async (topic: string, partition: number): Promise<PartitionProducer> => {
    // One for each partition, so that each has its own producer id.
    const client: Client = new Producer({
      clientId: 'formstream',
      bootstrapBrokers: brokers.split(','),
      idempotent: true,
      acks: -1,
      serializers: stringSerializers,
      retries: Number.MAX_SAFE_INTEGER,
      retryDelay,
      timeout: 10_000,
      requestTimeout: 15_000,
      connectTimeout: 3000,
    })
    return {
      async send(records) {
        const messages = records.map((record) => ({ ...record, topic, partition }))
        const { offsets = [] } = await client.send({ messages })
        const acknowledged = offsets.filter(
          (one) => one.topic === topic && one.partition === partition,
        )
        if (acknowledged.length !== 1) throw new Error('Expected Kafka to acknowledge the batch')
      },
      close: () => client.close(true),
    }
  }
}
