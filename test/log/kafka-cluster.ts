// Kafka for tests: one broker that the tests of a worker share, or a cluster of their own for tests that kill brokers.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { KafkaLog, type KafkaLogOptions } from '#kafka/log/kafka/log.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { Cluster, type ClusterOptions } from '../../local/kafka/cluster.ts'
import { fetchJars } from '../../local/kafka/fetch-jars.ts'

const jars = join(import.meta.dirname, '..', '..', '.cache', 'kafka')

export function testCluster(
  folder: string,
  { port = 19092, of = 3, host }: Partial<Pick<ClusterOptions, 'port' | 'of' | 'host'>> = {},
): Cluster {
  fetchJars(jars, console.log)
  return new Cluster({ of, folder, port, jars, ...(host && { host }) })
}

/**
 * One broker for all test files that this Jest worker runs, with empty topics and no groups. The first file starts it; it ends with
 * the worker. Nothing closes it, and a test that stopped it may start it again.
 */
export async function sharedCluster(): Promise<Cluster> {
  const cluster = workersCluster(String(process.pid), Number(process.env.JEST_WORKER_ID ?? 1))
  await cluster.start()
  await freshTopics(cluster.addresses)
  return cluster
}

/** The folder exists if an earlier test file of this worker started the broker, which still runs. */
function workersCluster(worker: string, number: number): Cluster {
  const folder = join(tmpdir(), `formstream-kafka-worker-${worker}`)
  const port = 19_092 + 10 * number
  if (!existsSync(folder)) {
    mkdirSync(folder)
    const program = join(import.meta.dirname, 'stop-with-parent.ts')
    // The child reads a pipe that closes when this process ends, even if it is killed.
    const child = spawn(process.execPath, [program, folder, String(port)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    child.unref()
    ;(child.stdin as unknown as Socket).unref()
  }
  return testCluster(folder, { port, of: 1 })
}

/** Recreates all topics and deletes all groups, as in a new cluster. */
export async function freshTopics(brokers: string): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  // Retries, because restarted brokers need some time to load groups and topics.
  for (let tries = 1; ; tries++) {
    try {
      await recreate(admin)
      return await admin.disconnect()
    } catch (error) {
      if (tries === 60) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

async function recreate(admin: Admin): Promise<void> {
  const topics = (await admin.listTopics()).filter((name) => name.startsWith('forms.'))
  if (topics.length > 0) await admin.deleteTopics({ topics })
  const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId)
  if (groups.length > 0) await admin.deleteGroups(groups)
  // Kafka deletes topics after the response.
  while ((await admin.listTopics()).some((name) => topics.includes(name))) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const { apply } of await diffTopics(admin, topicsOf(declared))) await apply?.()
}

export const openKafka = (
  brokers: string,
  more: Partial<KafkaLogOptions> = {},
): Promise<KafkaLog> =>
  KafkaLog.open({
    connection: { brokers: brokers.split(',') },
    topics: topicsOf(declared),
    ...more,
  })
