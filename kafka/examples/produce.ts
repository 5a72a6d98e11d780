// Writes a submission of the form `demo` to Kafka: node kafka/examples/produce.ts <item1> <item2>
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners } from 'kafkajs'

const { KAFKA_BROKERS = '127.0.0.1:9092' } = process.env
const [item1 = '', item2 = ''] = process.argv.slice(2)

// A retry must use the same id: then the submission counts once.
const id = randomUUID()

const attributes = {
  specversion: '1.0',
  id,
  source: '/examples/produce.ts',
  type: 'formstream.submission.submitted',
  subject: id,
  time: new Date().toISOString(),
  dataschema: 'urn:formstream:schema:formstream.submission.submitted',
  form: 'demo',
  partitionkey: id,
}

/** HTTP headers cannot carry space, double quote, percent, and characters outside printable ASCII. */
const encode = (value: string) => value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent)

const headers: Record<string, string> = { 'content-type': 'application/json' }
for (const [name, value] of Object.entries(attributes)) headers[`ce_${name}`] = encode(value)

const kafka = new Kafka({
  clientId: 'formstream-example',
  brokers: KAFKA_BROKERS.split(','),
  logLevel: logLevel.ERROR,
})
const producer = kafka.producer({
  allowAutoTopicCreation: false,
  // The partitioner of the Java client.
  createPartitioner: Partitioners.DefaultPartitioner,
})
await producer.connect()
await producer.send({
  topic: 'forms.submitted',
  acks: -1,
  messages: [{ key: id, headers, value: JSON.stringify({ answers: { item1, item2 } }) }],
})
await producer.disconnect()
console.log(id)
