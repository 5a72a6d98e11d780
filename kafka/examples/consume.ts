// Prints the events of a topic, one JSON line each: node kafka/examples/consume.ts [topic] [group]
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs'

const { KAFKA_BROKERS = '127.0.0.1:9092' } = process.env
const [topic = 'forms.validated', group = 'example-node'] = process.argv.slice(2)

function lineOf({ headers = {}, value }: KafkaMessage): string {
  const attribute = (name: string) => {
    const header = headers[`ce_${name}`]
    return header ? decodeURIComponent(header.toString()) : null
  }
  if (!headers.ce_id) throw new Error('Expected the header ce_id, found none')
  return JSON.stringify({
    id: attribute('id'),
    type: attribute('type'),
    form: attribute('form'),
    subject: attribute('subject'),
    data: JSON.parse(value?.toString() ?? 'null'),
  })
}

const kafka = new Kafka({
  clientId: 'formstream-example',
  brokers: KAFKA_BROKERS.split(','),
  logLevel: logLevel.ERROR,
})
const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false })
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  async eachMessage({ partition, message }) {
    try {
      console.log(lineOf(message))
    } catch (error) {
      // An unreadable record stays unreadable: stopping here would block all later ones.
      console.error(`Skipped ${topic}/${partition}/${message.offset}:`, (error as Error).message)
    }
    // Work first, then commit: after a crash an event may be delivered again, but none is lost.
    const offset = String(BigInt(message.offset) + 1n)
    await consumer.commitOffsets([{ topic, partition, offset }])
  },
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect())
