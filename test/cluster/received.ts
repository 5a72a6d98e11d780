// What comes out of the pipeline from now on: every event of some topics, by submission, and how long after the person submitted.
import type { Log } from '#kafka/log/port.ts'

/** Submission to the ids of its events. Two different ids on one topic could not be told to be a repeat. */
type Seen = Map<string, Set<string>>

export interface Received {
  /** By topic. */
  seen: Map<string, Seen>
  /** Submissions that have an event on every topic. */
  done: () => number
  /** Milliseconds from the submission to its event on the last topic to get one, of those that came since the last call. */
  takeLatencies: () => number[]
  close: () => Promise<void>
}

export async function receive(log: Log, topics: string[]): Promise<Received> {
  const seen = new Map<string, Seen>(topics.map((topic) => [topic, new Map()]))
  const times = new Map<string, number>()
  const began = Date.now()
  let done = 0
  let latencies: number[] = []

  function note(of: Seen, headers: Record<string, string>): void {
    const subject = headers['ce-subject'] ?? ''
    const submitted = Date.parse(headers['ce-time'] ?? '')
    if (submitted < began) return
    const ids = of.get(subject)
    if (ids) return void ids.add(headers['ce-id'] ?? '')
    of.set(subject, new Set([headers['ce-id'] ?? '']))
    const reached = (times.get(subject) ?? 0) + 1
    times.set(subject, reached)
    if (reached < topics.length) return
    done += 1
    latencies.push(Date.now() - submitted)
  }

  const consumers = await Promise.all(
    [...seen].map(([topic, of]) =>
      log.consume({
        topic,
        from: 'earliest',
        inFlight: 1000,
        handle: async ({ headers }) => note(of, headers),
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
