// Writes a submission of the form `demo` to Kafka, as any program may: node kafka/examples/produce.ts <item1> <item2>
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, Partitioners } from 'kafkajs'

const { KAFKA_BROKERS = '127.0.0.1:9092' } = process.env
const [item1 = '', item2 = ''] = process.argv.slice(2)

// One id for each submission. Whoever repeats a submission repeats its id, and it counts once.
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

/** What is no printable ASCII, and space, double quote and percent: these would not survive the way over HTTP. */
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
  // The same key goes to the same partition as from every other client.
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
