// Where `npm run task` reads events: a cluster, the instance that runs on DATA_DIR, or the file of its log. Nothing is changed there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Message } from '#kafka/binary-mode.ts'
import type { Topic } from '#kafka/define-event.ts'
import type { Connection } from '#kafka/log/kafka/environment.ts'
import { readLogFile } from '#kafka/log/sqlite/read-file.ts'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import type { Instance } from '../../local/knative/control/instance-file.ts'
import { openReading } from '../../local/knative/read-topic.ts'

export interface Topics {
  /** For messages. */
  name: string
  /** Calls `visit` for each record that the topic holds. */
  read: (topic: Topic, visit: (record: Message) => void) => Promise<void>
}

interface Places {
  connection: Connection | undefined
  instance: Instance | undefined
  dataDir: string
}

export function openTopics({ connection, instance, dataDir }: Places): Topics {
  if (connection) return ofCluster(connection)
  if (instance) return ofInstance(instance, dataDir)
  const file = join(dataDir, 'log.sqlite')
  if (existsSync(file)) return ofFile(file)
  throw new Error(
    `Expected a log to find the event in, found none in ${dataDir}: npm start makes one, KAFKA_BROKERS names a cluster, ` +
      'and --event takes a JSON file too',
  )
}

/**
 * Reads as a watcher does: in a group of its own, which commits nothing and is deleted at the end. The groups of tasks and their
 * offsets stay as they are.
 */
const ofCluster = (connection: Connection): Topics => ({
  name: connection.brokers.toString(),
  async read(topic, visit) {
    // Loaded on demand: a laptop needs no client of Kafka.
    const { KafkaLog } = await import('#kafka/log/kafka/log.ts')
    const log = await KafkaLog.open({ connection, topics: [topic] })
    try {
      const { read, close } = await openReading(log, topic.name)
      await read(async (record) => visit(record)).finally(close)
    } finally {
      await log.close()
    }
  },
})

const ofInstance = (instance: Instance, dataDir: string): Topics => ({
  name: `the instance on ${dataDir}`,
  async read({ name }, visit) {
    for await (const record of connectInstance(instance).records(name, () => {})) visit(record)
  },
})

const ofFile = (file: string): Topics => ({
  name: file,
  async read({ name }, visit) {
    for (const record of readLogFile(file, name)) visit(record)
  },
})
