import { request } from 'undici'
import { deadLetter, replayed } from '#kafka/events.ts'
import type { Connection } from '#kafka/log/kafka/environment.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { createLogger } from '#kit/logger.ts'
import { UnwrittenLetters } from '../../functions/dead-letter/unwritten-letters.ts'
import type { DeadLetter } from '../../local/knative/replay/dead-letter.ts'
import {
  type ReplayedLetter,
  type ReplayOptions,
  replay,
  replayRetries,
} from '../../local/knative/replay/replay.ts'
import type { PostEvent } from '../../local/knative/running-function.ts'
import { deliverWithRetries } from '../../local/knative/source/deliver-with-retries.ts'
import { DeliverySlots } from '../../local/knative/source/delivery-slots.ts'
import { type Address, addressOf } from './address.ts'

interface InCluster extends Pick<ReplayOptions, 'task' | 'dryRun' | 'discard' | 'signal'> {
  connection: Connection
  /** Address of the tasks; undefined: each letter names its Service. */
  to: string | undefined
}

/**
 * Reads the dead letters from Kafka and posts them to the Services of the tasks. It joins no consumer group of a task, so the tasks
 * can run meanwhile.
 */
export async function replayInCluster(
  { connection, to, ...options }: InCluster,
  report: (letter: ReplayedLetter) => void,
): Promise<void> {
  const log = await KafkaLog.open({ connection, topics: [deadLetter, replayed] })
  const logger = await createLogger('error')
  const letters = new UnwrittenLetters(logger)
  const slots = new DeliverySlots(rules.inFlight)
  const tasks = (await findClusterTasks()).map(({ name }) => name)
  const checks = new Map<string, Promise<void>>()

  async function deliver(task: string, letter: DeadLetter): Promise<boolean> {
    const address = addressOf(letter, to)
    if (!address) throw new Error(`Expected a letter with an address, found ${letter.position}`)
    // Checked before the first letter of a task: with a wrong address all its letters would fail again.
    const check = checks.get(task) ?? expectReady(address)
    checks.set(task, check)
    await check
    const { dest, original } = letter
    const post = postTo(address)
    const delivery = { task, ...(dest && { dest }), log, logger, letters, slots, post }
    const never = new AbortController().signal
    const options = { ...delivery, rules: { ...rules, retries: replayRetries } }
    return deliverWithRetries(original, options, never)
  }

  try {
    const reachable = (letter: DeadLetter) => addressOf(letter, to) !== undefined
    await replay({ log, tasks, reachable, deliver, ...options }, report)
  } finally {
    await log.close()
  }
}

const timeouts = { headersTimeout: rules.timeout, bodyTimeout: rules.timeout }

async function expectReady({ url, host }: Address): Promise<void> {
  const readiness = new URL('/health/readiness', url)
  const expected = `Expected a task that is ready at ${readiness}${host ? ` (Host: ${host})` : ''}`
  const response = await request(readiness, { headers: toHeaders(host), ...timeouts }).catch(
    (cause) => {
      throw new Error(`${expected}, found: ${cause.message}`, { cause })
    },
  )
  const text = (await response.body.text()).slice(0, 200)
  if (response.statusCode >= 300) {
    throw new Error(`${expected}, found ${response.statusCode} ${text}`)
  }
}

const postTo =
  ({ url, host }: Address): PostEvent =>
  async (headers, body) => {
    const sent = { ...headers, ...toHeaders(host) }
    const response = await request(url, { method: 'POST', headers: sent, body, ...timeouts })
    return { status: response.statusCode, body: await response.body.text() }
  }

const toHeaders = (host: string | undefined): Record<string, string> => (host ? { host } : {})
