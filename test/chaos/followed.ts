// What became of each submission on a topic: events that follow a cause are never missing, and a repeat carries the same id.
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import type { Running } from '../instance.ts'

/** How often each id stands on the topic, by submission; read until all that are expected have come and then all is quiet. */
export async function idsOn(
  instance: Running,
  topic: string,
  expected: string[],
): Promise<Map<string, Map<string, number>>> {
  const seen = new Map<string, Map<string, number>>()
  const missing = new Set(expected)
  const quiet = new AbortController()
  let timer = setTimeout(() => quiet.abort(), 15_000)
  try {
    const asked = { from: 'earliest', signal: quiet.signal }
    const lines = connectInstance(instance).watch(topic, asked)
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
  }
  clearTimeout(timer)
  return seen
}

export interface Followed {
  /** Acknowledged submissions that lack an event on a topic that each of them must reach. */
  unfollowed: number
  /** Submissions with two different ids on one topic: readers could not drop the repeat. */
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
