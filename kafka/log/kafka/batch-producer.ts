// A producer of kafkajs that encodes batches by record-batch.ts. All else is kafkajs: connections, metadata, sequence numbers, retries.
import type { KafkaConfig, Producer, ProducerConfig } from 'kafkajs'
import Broker, { type ProduceRequest } from 'kafkajs/src/broker/index.js'
import Cluster from 'kafkajs/src/cluster/index.js'
import loggers from 'kafkajs/src/loggers/index.js'
import createProducer from 'kafkajs/src/producer/index.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import response from 'kafkajs/src/protocol/requests/produce/v3/response.js'
import type { OutgoingRecord } from './partition-producer.ts'
import { type BatchOrigin, encodeBatch } from './record-batch.ts'

class BatchBroker extends Broker {
  override async produce(request: ProduceRequest): Promise<unknown> {
    try {
      return await this.connectionPool.send({ request: toProduceRequest(request), response })
    } catch (error) {
      // As the method of kafkajs does it: a closed connection does not come back.
      if ((error as Error).name === 'KafkaJSConnectionClosedError') await this.disconnect()
      throw error
    }
  }
}

/** Produce, version 3: brokers since 0.11. */
const toProduceRequest = ({ acks, timeout, topicData, ...request }: ProduceRequest) => ({
  apiKey: 0,
  apiVersion: 3,
  apiName: 'Produce',
  expectResponse: () => true,
  encode: async () => {
    const producer = {
      producerId: BigInt(request.producerId.toString()),
      producerEpoch: request.producerEpoch,
    }
    const topics = topicData.map(({ topic, partitions }) =>
      new Encoder()
        .writeString(topic)
        .writeArray(partitions.map((partition) => encodePartition(partition, producer))),
    )
    return new Encoder().writeString(null).writeInt16(acks).writeInt32(timeout).writeArray(topics)
  },
})

type Partition = ProduceRequest['topicData'][number]['partitions'][number]

function encodePartition(
  { partition, firstSequence, messages }: Partition,
  producer: Omit<BatchOrigin, 'firstSequence'>,
): Encoder {
  const batch = encodeBatch(messages as OutgoingRecord[], { ...producer, firstSequence })
  return new Encoder().writeInt32(partition).writeBytes(batch)
}

/** What `new Kafka(config).producer(options)` returns, for messages of type OutgoingRecord. */
export function createBatchProducer(config: KafkaConfig, options: ProducerConfig): Producer {
  const logger = loggers.createLogger({ level: 0, logCreator: () => () => {} })
  const { retry, ...producer } = options
  // As its class Kafka sets them.
  const defaults = { enforceRequestTimeout: true, metadataMaxAge: 300_000 }
  const cluster = new Cluster({ ...config, ...producer, ...defaults, logger })
  const { allowAutoTopicCreation } = options
  cluster.brokerPool.createBroker = (broker) =>
    new BatchBroker({ allowAutoTopicCreation, ...broker })
  return createProducer({ ...producer, retry: { ...config.retry, ...retry }, cluster, logger })
}
