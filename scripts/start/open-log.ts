// The event log of this instance: Kafka if KAFKA_BROKERS is set, else a file in the data folder. The endpoint's thread opens it a
// second time, for its appends only.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Topic, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { connectAdmin } from '#kafka/log/kafka/connect-admin.ts'
import { type Connection, connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { groupsInUse } from '#kafka/log/kafka/groups.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import type { Log } from '#kafka/log/port.ts'
import { type SharedLog, SqliteLog } from '#kafka/log/sqlite/log.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'

/** How long to wait for members of a consumer group to leave it, ms. Kafka removes one that was killed after ten seconds. */
const leaveTimeout = 12_000

export async function openLog(dataDir: string, tasks: Task[]): Promise<Log> {
  const topics = topicsOf(declared)
  const environment = readConfig(KafkaEnvironment, process.env)
  const connection = connectionOf(environment)
  if (!connection) return SqliteLog.open(join(dataDir, 'log.sqlite'), topics)
  if (existsSync(join(dataDir, 'log.sqlite'))) console.warn(leftBehind(dataDir))
  const groupPrefix = environment.KAFKA_GROUP_PREFIX
  await prepareCluster(connection, tasks, groupPrefix)
  return KafkaLog.open({ connection, topics, groupPrefix })
}

/** What another thread passes to `joinLog`: the embedded log has one owner, Kafka takes any number of connections. */
export const shareLog = (log: Log): SharedLog | undefined =>
  log instanceof SqliteLog ? log.share() : undefined

/** The same log, in another thread. */
export async function joinLog(shared: SharedLog | undefined, topics: Topic[]): Promise<Log> {
  if (shared) return SqliteLog.join(shared)
  const connection = connectionOf(readConfig(KafkaEnvironment, process.env)) as Connection
  return KafkaLog.open({ connection, topics })
}

/** Creates missing topics. Throws if another instance runs a task whose state is on one machine. */
async function prepareCluster(
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
    const began = Date.now()
    for (let found = await others(); found.length > 0; found = await others()) {
      if (Date.now() - began > leaveTimeout) throw new Error(refusal(found))
      await delay(1000)
    }
  } finally {
    await admin.disconnect()
  }
}

const refusal = (names: string[]): string =>
  `Expected to be the only instance that runs ${names.join(', ')}, found another one on this cluster: ` +
  'its state lies on one machine. REDIS_URL lets several share it: docs/redis.md'

const leftBehind = (dataDir: string): string =>
  `Events in ${join(dataDir, 'log.sqlite')} stay there; they are not copied to Kafka. If some are not handled yet ` +
  '(npm run events -- lag), start once without KAFKA_BROKERS first'
