// A replay in a cluster: reads the dead letters from Kafka and posts them to the Services of the tasks. It joins no task's group,
// so nothing has to stop for it.
import { request } from 'undici'
import { deadLetter, replayed } from '#kafka/events.ts'
import type { Connection } from '#kafka/log/kafka/environment.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { findTasks } from '#kit/find-tasks.ts'
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
  /** Where the tasks are; undefined: where the letters say. */
  to: string | undefined
}

export async function replayInCluster(
  { connection, to, ...asked }: InCluster,
  report: (letter: ReplayedLetter) => void,
): Promise<void> {
  const log = await KafkaLog.open({ connection, topics: [deadLetter, replayed] })
  const logger = await createLogger('error')
  const letters = new UnwrittenLetters(logger)
  const slots = new DeliverySlots(rules.inFlight)
  const tasks = (await findTasks()).map(({ name }) => name)
  const looked = new Map<string, Promise<void>>()

  async function deliver(task: string, letter: DeadLetter): Promise<boolean> {
    const address = addressOf(letter, to)
    if (!address) throw new Error(`Expected a letter with an address, found ${letter.position}`)
    // Before the first: letters must not die again because of a wrong address.
    const look = looked.get(task) ?? expectReady(address)
    looked.set(task, look)
    await look
    const { dest, original } = letter
    const post = postTo(address)
    const options = { task, ...(dest && { dest }), log, logger, letters, slots, post }
    const never = new AbortController().signal
    return deliverWithRetries(
      original,
      { ...options, rules: { ...rules, retries: replayRetries } },
      never,
    )
  }

  try {
    const reachable = (letter: DeadLetter) => addressOf(letter, to) !== undefined
    await replay({ log, tasks, reachable, deliver, ...asked }, report)
  } finally {
    await log.close()
  }
}

const timeouts = { headersTimeout: rules.timeout, bodyTimeout: rules.timeout }

async function expectReady({ url, host }: Address): Promise<void> {
  const where = new URL('/health/readiness', url)
  const expected = `Expected a task that is ready at ${where}${host ? ` (Host: ${host})` : ''}`
  const answer = await request(where, { headers: toHeaders(host), ...timeouts }).catch((cause) => {
    throw new Error(`${expected}, found: ${cause.message}`, { cause })
  })
  const said = (await answer.body.text()).slice(0, 200)
  if (answer.statusCode >= 300) throw new Error(`${expected}, found ${answer.statusCode} ${said}`)
}

const postTo =
  ({ url, host }: Address): PostEvent =>
  async (headers, body) => {
    const sent = { ...headers, ...toHeaders(host) }
    const answer = await request(url, { method: 'POST', headers: sent, body, ...timeouts })
    return { status: answer.statusCode, body: await answer.body.text() }
  }

const toHeaders = (host: string | undefined): Record<string, string> => (host ? { host } : {})
