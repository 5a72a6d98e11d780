// A lane's producer on kafkajs: idempotent, acknowledged by all in-sync replicas, its answer checked, its refusals told.
import type { Kafka, Producer, RecordMetadata } from 'kafkajs'
import { Refused } from './partition-producer.ts'
import type { LaneProducer, LaneRecord } from './partition-writer.ts'

/** It goes on trying for as long as the brokers are away: giving up in the middle could only lose or double the batch. */
const retry = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 50, maxRetryTime: 1000 }

export async function openProducer(
  kafka: Kafka,
  topic: string,
  partition: number,
): Promise<LaneProducer> {
  /** kafkajs places each record of a batch once for each try. */
  let placed = 0
  const place = () => {
    placed += 1
    return partition
  }
  const producer: Producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => place,
    retry,
  })
  const refused = (error: unknown, records: LaneRecord[] = []): unknown =>
    refusalOf(error, { topic, records, begun: placed > records.length })
  await producer.connect().catch(async (error) => {
    await producer.disconnect()
    throw refused(error)
  })
  return {
    async send(records: LaneRecord[]) {
      placed = 0
      try {
        const answer = await producer.send({ topic, acks: -1, timeout: 10_000, messages: records })
        check(answer, topic, partition)
      } catch (error) {
        throw refused(error, records)
      }
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

const tooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']

/** What a broker refuses however often it is asked, by Kafka's name of the error, with what is missing. */
const missing: Record<string, string> = {
  TOPIC_AUTHORIZATION_FAILED: 'the user needs the right Write on this topic',
  CLUSTER_AUTHORIZATION_FAILED: 'the user needs the right Write on this topic',
  KafkaJSSASLAuthenticationError: 'the user needs the right password',
  INVALID_TIMESTAMP: 'the clock of this machine has to be right',
}

interface Attempt {
  topic: string
  records: LaneRecord[]
  begun: boolean
}

/** The error itself where another try may help. */
function refusalOf(error: unknown, { topic, records, begun }: Attempt): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name, type = name } = cause as Error & { type?: string }
    if (tooLarge.includes(type)) {
      const bytes = records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0)
      const message = `Expected what the topic ${topic} takes, found ${records.length} records of ${bytes} bytes`
      return new Refused(message, { cause: error, tooLarge: true, begun })
    }
    if (missing[type]) {
      const message = `Kafka refuses to write to the topic ${topic}: ${missing[type]} (${cause.message})`
      return new Refused(message, { cause: error, tooLarge: false, begun })
    }
  }
  return error
}
