// A receiver of webhooks that checks each message with the reference library, and the settings that lead the task to it.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'

export const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: unknown
}

export interface Receiver {
  url: string
  /** The messages that were answered with 2xx. */
  received: Received[]
  /** All requests, by path. */
  requests: Map<string, number>
  /** The `webhook-id` of every request. */
  ids: unknown[]
  /** Requests whose signature is wrong. */
  forged: number
  /** Answers requests to a path: with a status, or as the function does. Default: 204. */
  answers: Map<string, number | ((response: ServerResponse) => void)>
  close: () => void
}

/** `port`: by default any. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const receiver: Omit<Receiver, 'url'> = {
    received: [],
    requests: new Map(),
    ids: [],
    forged: 0,
    answers: new Map(),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request
    const body = await text(request)
    receiver.requests.set(path, (receiver.requests.get(path) ?? 0) + 1)
    receiver.ids.push(headers['webhook-id'])
    if (!isSigned(body, headers)) receiver.forged++
    const answer = receiver.answers.get(path) ?? 204
    if (typeof answer === 'function') return answer(response)
    if (answer < 300) receiver.received.push({ path, headers, body: JSON.parse(body) })
    response.writeHead(answer).end()
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(receiver, { url })
}

function isSigned(body: string, headers: IncomingHttpHeaders): boolean {
  try {
    new Webhook(key).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
