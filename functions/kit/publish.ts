// Publishes to K_SINK, the one output topic of a task: an HTTP POST of a CloudEvent in binary mode.
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { HTTP } from 'cloudevents'
import type { Publish } from './deliver.ts'

/** Shorter than the source waits for the task, so that the delivery fails while somebody still listens. */
const timeout = 10_000

export function publisher(sink: string): { publish: Publish; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    async publish(event) {
      const { headers, body } = HTTP.binary(event)
      const sent = request(sink, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(String(body)) },
        timeout,
      })
      sent.on('timeout', () => sent.destroy(new Error(`No answer from ${sink} in ${timeout} ms`)))
      sent.end(body)
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      if ((answer.statusCode ?? 500) >= 300) {
        throw new Error(`Expected ${sink} to answer 2xx, found ${answer.statusCode}`)
      }
    },
    close: () => agent.destroy(),
  }
}
