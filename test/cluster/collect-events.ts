// Collects the events of new submissions on some topics, and measures how long after the submission each arrived.
import type { Log } from '#kafka/log/port.ts'

/** Submission id to the ids of its events. Readers drop repeats by id, so a submission must have only one id on a topic. */
type EventIds = Map<string, Set<string>>

export interface CollectedEvents {
  /** Keyed by topic. */
  seen: Map<string, EventIds>
  /** Number of submissions that have an event on every topic. */
  done: () => number
  /** Milliseconds from each submission to its last event, for the submissions completed since the last call. */
  takeLatencies: () => number[]
  close: () => Promise<void>
}

export async function collectEvents(log: Log, topics: string[]): Promise<CollectedEvents> {
  const seen = new Map<string, EventIds>(topics.map((topic) => [topic, new Map()]))
  const topicsReached = new Map<string, number>()
  const began = Date.now()
  let done = 0
  let latencies: number[] = []

  function collect(idsBySubmission: EventIds, headers: Record<string, string>): void {
    const subject = headers['ce-subject'] ?? ''
    const submitted = Date.parse(headers['ce-time'] ?? '')
    if (submitted < began) return
    const ids = idsBySubmission.get(subject)
    if (ids) return void ids.add(headers['ce-id'] ?? '')
    idsBySubmission.set(subject, new Set([headers['ce-id'] ?? '']))
    const reached = (topicsReached.get(subject) ?? 0) + 1
    topicsReached.set(subject, reached)
    if (reached < topics.length) return
    done += 1
    latencies.push(Date.now() - submitted)
  }

  const consumers = await Promise.all(
    [...seen].map(([topic, idsBySubmission]) =>
      log.consume({
        topic,
        from: 'earliest',
        inFlight: 1000,
        handle: async ({ headers }) => collect(idsBySubmission, headers),
      }),
    ),
  )
  return {
    seen,
    done: () => done,
    takeLatencies() {
      const taken = latencies
      latencies = []
      return taken
    },
    close: async () => void (await Promise.all(consumers.map((consumer) => consumer.close()))),
  }
}
