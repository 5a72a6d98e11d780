// Checks on each topic that every submission has an event, and that repeated events have the same id.
import { setTimeout as delay } from 'node:timers/promises'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import type { Running } from '../instance.ts'

/** Submission → event id → number of its records. */
type Ids = Map<string, Map<string, number>>

/** After a restart of all brokers a topic cannot be read at once. */
const maxTries = 10

export async function idsOn(instance: Running, topic: string, expected: string[]): Promise<Ids> {
  for (let tries = 1; ; tries++) {
    try {
      return await readIds(instance, topic, expected)
    } catch (error) {
      if (tries === maxTries) throw error
      console.warn(`Reads ${topic} again: ${(error as Error).message}`)
      await delay(1000)
    }
  }
}

/** Reads until all `expected` submissions were seen and 1 s passed without an event. */
async function readIds(instance: Running, topic: string, expected: string[]): Promise<Ids> {
  const seen: Ids = new Map()
  const missing = new Set(expected)
  const quiet = new AbortController()
  let timer = setTimeout(() => quiet.abort(), 15_000)
  try {
    const query = { from: 'earliest', signal: quiet.signal }
    const lines = connectInstance(instance).watch(topic, query)
    for await (const line of lines) {
      const { subject, id } = JSON.parse(line)
      const ids = seen.get(subject) ?? new Map<string, number>()
      seen.set(subject, ids.set(id, (ids.get(id) ?? 0) + 1))
      missing.delete(subject)
      clearTimeout(timer)
      timer = setTimeout(() => quiet.abort(), missing.size === 0 ? 1000 : 15_000)
    }
  } catch (error) {
    if (!quiet.signal.aborted) throw error
  } finally {
    clearTimeout(timer)
  }
  if (seen.size === 0 && expected.length > 0) throw new Error('no event in 15 s')
  return seen
}

export interface Followed {
  /** Number of missing events of acknowledged submissions, over all topics. */
  unfollowed: number
  /** Submissions with two different event ids on one topic, which readers could not recognise as repeats. */
  conflicting: number
}

export async function followed(
  instance: Running,
  topics: string[],
  acknowledged: string[],
): Promise<Followed> {
  const result = { unfollowed: 0, conflicting: 0 }
  const all = await Promise.all(topics.map((topic) => idsOn(instance, topic, acknowledged)))
  for (const seen of all) {
    result.unfollowed += acknowledged.filter((id) => !seen.has(id)).length
    result.conflicting += [...seen.values()].filter((ids) => ids.size > 1).length
  }
  return result
}
