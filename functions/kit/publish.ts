// Publishes to K_SINK, the one output topic of a task: an HTTP POST of a CloudEvent in binary mode.
import { Agent } from 'node:http'
import { toMessage } from '#kafka/binary-mode.ts'
import { httpPost } from '#kafka/http-post.ts'
import { Rejected, RetryLater } from './errors.ts'
import type { Publish } from './follow-on-events.ts'
import { senderToken } from './http/sender-token.ts'

/** Shorter than the source waits for the task, so that the delivery fails while somebody still listens. */
const deadline = 10_000

interface Publisher {
  publish: Publish
  /** Why nothing can be published, as long as this process lives. */
  problem?: string
  close: () => void
}

export function publisher(sink: string | undefined, addToken = senderToken()): Publisher {
  if (!sink) return unset
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    async publish(event) {
      const message = await addToken(toMessage(event))
      const status = await httpPost({ url: sink, agent, deadline }, message)
      if (status < 300) return
      const problem = `Expected ${sink} to answer 2xx, found ${status}`
      // No repeat makes the same event smaller, or another one.
      throw [400, 413, 431].includes(status) ? new Rejected(problem) : new Error(problem)
    },
    close: () => agent.destroy(),
  }
}

const notSet = 'K_SINK is not set: a SinkBinding sets it'

const unset: Publisher = {
  publish: () => Promise.reject(new RetryLater(notSet)),
  problem: notSet,
  close: () => {},
}
