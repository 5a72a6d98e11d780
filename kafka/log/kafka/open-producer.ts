// A partition producer on kafkajs: idempotent, acknowledged by all in-sync replicas, with its response checked.
import type { KafkaConfig, RecordMetadata } from 'kafkajs'
import { createBatchProducer } from './batch-producer.ts'
import { BatchRefusal, type OutgoingRecord, type PartitionProducer } from './partition-producer.ts'

/**
 * Retries as long as the brokers are unreachable: giving up in between could only lose or duplicate the batch. Often, because a
 * dead leader is replaced after nine seconds, and callers wait for ten.
 */
const retry = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 50, maxRetryTime: 250 }

export async function openProducer(
  config: KafkaConfig,
  topic: string,
  partition: number,
): Promise<PartitionProducer> {
  /** kafkajs calls the partitioner for each record at each attempt, so this tells whether it has retried. */
  let partitioned = 0
  let closed = false
  const choosePartition = () => {
    // Ends the retries of a batch under way. kafkajs would connect again for them, and never end.
    if (closed) throw new Error('The producer was closed')
    partitioned += 1
    return partition
  }
  const producer = createBatchProducer(config, {
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => choosePartition,
    retry,
  })
  const explain = (error: unknown, records: OutgoingRecord[] = []): unknown =>
    toRefusal(error, { topic, records, begun: partitioned > records.length })
  await producer.connect().catch(async (error) => {
    await producer.disconnect()
    throw explain(error)
  })
  return {
    async send(records: OutgoingRecord[]) {
      partitioned = 0
      try {
        const response = await producer.send({
          topic,
          acks: -1,
          timeout: 10_000,
          messages: records,
        })
        expectAcknowledged(response, topic, partition)
      } catch (error) {
        if (closed) await producer.disconnect()
        throw explain(error, records)
      }
    },
    async close() {
      closed = true
      await producer.disconnect()
    },
  }
}

/** kafkajs can resolve a send that no broker has acknowledged: only a response that names the partition counts. */
function expectAcknowledged(response: RecordMetadata[], topic: string, partition: number): void {
  const own = response.filter((one) => one.topicName === topic && one.partition === partition)
  if (own.length === 1 && own[0]?.errorCode === 0) return
  const name = `${topic}/${partition}`
  throw new Error(`Expected Kafka to acknowledge ${name}, found ${JSON.stringify(response)}`)
}

const tooLargeTypes = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']

/** Errors that no retry can help, by Kafka's name for them, with what has to change. */
const permanentErrors: Record<string, string> = {
  TOPIC_AUTHORIZATION_FAILED: 'the user lacks the permission Write on this topic',
  CLUSTER_AUTHORIZATION_FAILED: 'the user lacks the permission Write on this topic',
  KafkaJSSASLAuthenticationError: 'the password is wrong',
  INVALID_TIMESTAMP: 'the clock of this machine is wrong',
}

interface Attempt {
  topic: string
  records: OutgoingRecord[]
  begun: boolean
}

/** Returns the error itself if a retry may help. */
function toRefusal(error: unknown, { topic, records, begun }: Attempt): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name, type = name } = cause as Error & { type?: string }
    if (tooLargeTypes.includes(type)) {
      const bytes = records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)
      const message = `Expected a batch within the limit of the topic ${topic}, found ${bytes} bytes in ${records.length} records`
      return new BatchRefusal(message, { cause: error, tooLarge: true, begun })
    }
    if (permanentErrors[type]) {
      const message = `Kafka refuses to write to the topic ${topic}: ${permanentErrors[type]} (${cause.message})`
      return new BatchRefusal(message, { cause: error, tooLarge: false, begun })
    }
  }
  return error
}
