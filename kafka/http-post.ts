// One POST of an event over HTTP, with a deadline for all of it: the wait for a connection, the sending and the answer.
import { type Agent, request } from 'node:http'
import type { Message } from './binary-mode.ts'

/** There was no whole answer. `begun`: a connection was there, so the event may have arrived all the same. */
export class Unanswered extends Error {
  override name = 'Unanswered'
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

/** Resolves with the status once the whole answer has come; rejects with `Unanswered`. */
export function post({ url, agent, deadline }: Target, message: Message): Promise<number> {
  return new Promise((resolve, reject) => {
    let begun = false
    const length = { 'content-length': Buffer.byteLength(message.body) }
    const headers = { ...message.headers, ...length }
    const outgoing = request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.on('error', fail)
      answer.on('end', () => {
        clearTimeout(late)
        resolve(answer.statusCode ?? 500)
      })
      answer.resume()
    })
    const late = setTimeout(
      () => outgoing.destroy(new Error(`No answer in ${deadline} ms`)),
      deadline,
    )
    function fail(error: Error): void {
      clearTimeout(late)
      reject(new Unanswered(error, begun))
    }
    outgoing.on('error', fail)
    outgoing.on('socket', (socket) => {
      begun = !socket.connecting
      if (begun) return
      socket.once('connect', () => {
        begun = true
      })
    })
    outgoing.end(message.body)
  })
}
