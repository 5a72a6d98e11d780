// A lane's producer on kafkajs: idempotent, acknowledged by all in-sync replicas, its answer checked.
import type { Kafka, Producer, RecordMetadata } from 'kafkajs'
import type { LaneProducer, LaneRecord } from './lane.ts'

/** It goes on trying for as long as the brokers are away: giving up in the middle could only lose or double the batch. */
const retry = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 50, maxRetryTime: 1000 }

export async function openProducer(
  kafka: Kafka,
  topic: string,
  partition: number,
): Promise<LaneProducer> {
  const producer: Producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry,
  })
  await producer.connect()
  return {
    async send(records: LaneRecord[]) {
      const messages = records.map((record) => ({ ...record, partition }))
      const answer = await producer.send({ topic, acks: -1, timeout: 10_000, messages })
      check(answer, topic, partition)
    },
    close: () => producer.disconnect(),
  }
}

/** kafkajs can resolve a send that no broker has answered: only an answer that names the partition counts. */
function check(answer: RecordMetadata[], topic: string, partition: number): void {
  const own = answer.filter((one) => one.topicName === topic && one.partition === partition)
  if (own.length === 1 && own[0]?.errorCode === 0) return
  throw new Error(`Expected an answer for ${topic}/${partition}, found ${JSON.stringify(answer)}`)
}
