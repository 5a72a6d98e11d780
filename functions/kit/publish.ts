// Publishes events to K_SINK, the output topic of a task: HTTP POSTs of CloudEvents in binary mode.
import { toMessage } from '#kafka/binary-mode.ts'
import { EventClient } from '#kafka/event-client.ts'
import { Rejected, RetryLater } from './errors.ts'
import type { Publish } from './follow-on-events.ts'
import { senderToken } from './http/sender-token.ts'

/** ms. Shorter than the source waits for the task, so that the source still gets the failure. */
const deadline = 10_000
const maxConnections = 64

export const sinkNotSet = 'K_SINK is not set: a SinkBinding sets it'

interface Publisher {
  publish: Publish
  /** Why this process can never publish. */
  problem?: string
  close: () => Promise<void>
}

export function publisher(sink: string | undefined, addToken = senderToken()): Publisher {
  if (!sink) return withoutSink
  const client = new EventClient(sink, maxConnections)
  return {
    async publish(event) {
      const message = await addToken(toMessage(event))
      const { status } = await client.post(message, deadline)
      if (status < 300) return
      const problem = `Expected ${sink} to answer 2xx, found ${status}`
      // A retry would send the same event with the same size.
      throw [400, 413, 431].includes(status) ? new Rejected(problem) : new Error(problem)
    },
    close: () => client.close(),
  }
}

/** For a task that emits nothing, and so needs no K_SINK. */
export const nothingToPublish: Publisher = {
  publish: () => Promise.reject(new Rejected('The task emits no events')),
  close: async () => {},
}

const withoutSink: Publisher = {
  publish: () => Promise.reject(new RetryLater(sinkNotSet)),
  problem: sinkNotSet,
  close: async () => {},
}
