// POSTs an event over HTTP, with one deadline for connecting, sending and receiving the response.
import { type Agent, request } from 'node:http'
import type { Message } from './binary-mode.ts'

/** No complete response was received. `begun`: a connection existed, so the event may have arrived nevertheless. */
export class NoResponse extends Error {
  override name = 'NoResponse'
  begun: boolean

  constructor(cause: Error, begun: boolean) {
    super(cause.message, { cause })
    this.begun = begun
  }
}

interface Target {
  url: string
  agent: Agent
  /** Milliseconds. */
  deadline: number
}

/** Resolves with the status after the whole response was received; rejects with `NoResponse`. */
export function httpPost({ url, agent, deadline }: Target, message: Message): Promise<number> {
  return new Promise((resolve, reject) => {
    let begun = false
    const length = { 'content-length': Buffer.byteLength(message.body) }
    const headers = { ...message.headers, ...length }
    const outgoing = request(url, { agent, method: 'POST', headers }, (response) => {
      response.on('error', fail)
      response.on('end', () => {
        clearTimeout(timer)
        resolve(response.statusCode ?? 500)
      })
      response.resume()
    })
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`No answer in ${deadline} ms`)),
      deadline,
    )
    function fail(error: Error): void {
      clearTimeout(timer)
      reject(new NoResponse(error, begun))
    }
    outgoing.on('error', fail)
    outgoing.on('socket', (socket) => {
      // A socket that the agent reuses is connected already.
      begun = !socket.connecting
      if (begun) return
      socket.once('connect', () => {
        begun = true
      })
    })
    outgoing.end(message.body)
  })
}
