// Compares the topics of a Kafka cluster with those declared in kafka/events.ts.
//
//   npm run topics -- diff    lists the differences; exits with 1 if there are any
//   npm run topics -- apply   creates what is missing and changes settings; deletes nothing
//
// KAFKA_BROKERS names the cluster.
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { connectAdmin } from '#kafka/log/kafka/connect-admin.ts'
import { connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { readConfig } from '#kit/config.ts'
import { parseCommand, UsageError } from './parse-command.ts'

const [command = ''] = parseCommand({}, 1).positionals
if (command !== 'diff' && command !== 'apply') {
  throw new UsageError(`Expected diff or apply, found "${command}"`)
}
const connection = connectionOf(readConfig(KafkaEnvironment, process.env))
if (!connection) throw new Error('Expected KAFKA_BROKERS to name the brokers, found it not set')
const admin = await connectAdmin(connection)
try {
  const { brokers } = await admin.describeCluster()
  if (brokers.length < 3) {
    console.log(
      `Warning: ${brokers.length} of the 3 brokers that it takes to keep every event on two disks`,
    )
  }
  const changes = await diffTopics(admin, topicsOf(declared))
  for (const { topic, what, apply } of changes) {
    console.log(`${topic}: ${what}`)
    if (command === 'apply') await apply?.()
  }
  console.log(changes.length === 0 ? 'All topics are as declared' : `${changes.length} changes`)
  if (command === 'diff' && changes.length > 0) process.exitCode = 1
} finally {
  await admin.disconnect()
}
