// The event log of this instance: Kafka if KAFKA_BROKERS is set, else a file in the data folder. The endpoint's thread opens it a
// second time, for its appends only.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Topic, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { connectAdmin, isAway } from '#kafka/log/kafka/connect-admin.ts'
import { type Connection, connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { groupsInUse } from '#kafka/log/kafka/groups.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import type { Log } from '#kafka/log/port.ts'
import { LateLog } from '#kafka/log/spool/late-log.ts'
import { type SharedLog, SqliteLog } from '#kafka/log/sqlite/log.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { readConfig } from '#kit/config.ts'
import type { Task } from '#kit/define-task.ts'
import { SpoolEnvironment } from '../../functions/form-endpoint/spool/environment.ts'
import {
  type EndpointLog,
  openWithSpool,
} from '../../functions/form-endpoint/spool/open-with-spool.ts'

/** How long to wait for members of a consumer group to leave it, ms. Kafka removes one that was killed after ten seconds. */
const leaveTimeout = 12_000

export async function openLog(dataDir: string, tasks: Task[]): Promise<Log> {
  const topics = topicsOf(declared)
  const environment = readConfig(KafkaEnvironment, process.env)
  const connection = connectionOf(environment)
  if (!connection) return SqliteLog.open(join(dataDir, 'log.sqlite'), topics)
  if (existsSync(join(dataDir, 'log.sqlite'))) console.warn(leftBehind(dataDir))
  const groupPrefix = environment.KAFKA_GROUP_PREFIX
  const open = async () => {
    await prepareCluster(connection, tasks, groupPrefix)
    return KafkaLog.open({ connection, topics, groupPrefix })
  }
  // With a spool the endpoint accepts submissions while Kafka is away, also when that is so at the start.
  const { SPOOL_DIR } = readConfig(SpoolEnvironment, process.env)
  return SPOOL_DIR ? LateLog.open({ open, isAway }) : open()
}

/** What another thread passes to `joinLog`: the embedded log has one owner, Kafka takes any number of connections. */
export const shareLog = (log: Log): SharedLog | undefined =>
  log instanceof SqliteLog ? log.share() : undefined

/** The same log, in another thread: with a spool before it if it is on Kafka and one is wanted. */
export async function joinLog(
  shared: SharedLog | undefined,
  topics: Topic[],
  logger: Logger,
): Promise<EndpointLog> {
  if (shared) return { log: SqliteLog.join(shared), spool: undefined }
  const connection = connectionOf(readConfig(KafkaEnvironment, process.env)) as Connection
  const open = () => KafkaLog.open({ connection, topics })
  return openWithSpool({ environment: process.env, open, logger })
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
