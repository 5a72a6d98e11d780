// The log of this instance: Kafka where KAFKA_BROKERS names a cluster, else a file of its own.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { connectAdmin } from '#kafka/log/kafka/connect-admin.ts'
import { type Connection, connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { groupsInUse } from '#kafka/log/kafka/groups.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import type { Log } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'

/** A member that was killed leaves its group after ten seconds. */
const patience = 12_000

export async function openLog(dataDir: string, tasks: Task[]): Promise<Log> {
  const topics = topicsOf(declared)
  const environment = readConfig(KafkaEnvironment, process.env)
  const connection = connectionOf(environment)
  if (!connection) return SqliteLog.open(join(dataDir, 'log.sqlite'), topics)
  if (existsSync(join(dataDir, 'log.sqlite'))) console.warn(leftBehind(dataDir))
  const groupPrefix = environment.KAFKA_GROUP_PREFIX
  await prepare(connection, tasks, groupPrefix)
  return KafkaLog.open({ connection, topics, groupPrefix })
}

/** Makes the topics that are missing, and refuses a second instance of a task that keeps its state on one machine. */
async function prepare(
  connection: Connection,
  tasks: Task[],
  groupPrefix: string | undefined,
): Promise<void> {
  const admin = await connectAdmin(connection)
  try {
    for (const { apply } of await diffTopics(admin, topicsOf(declared))) await apply?.()
    const single = tasks
      .filter(({ oneInstance }) => oneInstance?.(process.env))
      .map(({ name }) => name)
    const others = () => groupsInUse(admin, single, groupPrefix)
    const since = Date.now()
    for (let found = await others(); found.length > 0; found = await others()) {
      if (Date.now() - since > patience) throw new Error(refusal(found))
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  } finally {
    await admin.disconnect()
  }
}

const refusal = (names: string[]): string =>
  `Expected to be the only instance that runs ${names.join(', ')}, found another one on this cluster: ` +
  'its state lies on one machine. REDIS_URL lets several share it: docs/redis.md'

const leftBehind = (dataDir: string): string =>
  `Events in ${join(dataDir, 'log.sqlite')} stay there, Kafka does not have them. Where some were not handled yet ` +
  '(npm run events -- lag), start once without KAFKA_BROKERS first'
