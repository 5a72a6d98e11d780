// Publishes to K_SINK, the one output topic of a task: an HTTP POST of a CloudEvent in binary mode.
import { Agent, request } from 'node:http'
import { type Message, toMessage } from '#kafka/wire.ts'
import { Rejected } from './errors.ts'
import type { Publish } from './follow.ts'

/** Shorter than the source waits for the task, so that the delivery fails while somebody still listens. */
const timeout = 10_000

export function publisher(sink: string): { publish: Publish; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    async publish(event) {
      const status = await post(sink, agent, toMessage(event))
      if (status < 300) return
      const message = `Expected ${sink} to answer 2xx, found ${status}`
      // No repeat makes the same event smaller, or another one.
      throw status === 400 || status === 413 ? new Rejected(message) : new Error(message)
    },
    close: () => agent.destroy(),
  }
}

/** Resolves with the status once the whole answer has come. */
function post(sink: string, agent: Agent, { headers, body }: Message): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const options = { agent, method: 'POST', headers: { ...headers, ...length }, timeout }
    const outgoing = request(sink, options, (answer) => {
      answer.on('error', reject)
      answer.on('end', () => resolve(answer.statusCode ?? 500))
      answer.resume()
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer in ${timeout} ms`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
