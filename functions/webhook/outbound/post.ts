// Posts one message to a target. Follows no redirect, and keeps nothing of the answer but its status.
import type { LookupFunction } from 'node:net'
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Allowed } from './allowed.ts'
import { ForbiddenAddress, guardedConnector } from './guarded-connector.ts'

export interface Message {
  headers: Record<string, string>
  body: string
}

/** The message was not sent, so it can be sent again without a repeat. */
export class NotSent extends Error {
  override name = 'NotSent'
}

/** Limits in ms: until a connection takes the message, from then until the status of the answer, and for the body of the answer. */
const limits = { connection: 5000, status: 10_000, body: 5000 }
/** Bytes of an answer's body that are read, so that the connection can be used again. */
const maxBody = 65_536
/** To one host. */
const maxConnections = 16

export class Outbound {
  #agent: Agent

  constructor(allowed: Allowed, lookup?: LookupFunction) {
    this.#agent = new Agent({
      connections: maxConnections,
      headersTimeout: limits.status,
      bodyTimeout: limits.body,
      connect: guardedConnector({ allowed, timeout: limits.connection, ...(lookup && { lookup }) }),
    })
  }

  /**
   * Resolves with the status of the answer. Rejects with `ForbiddenAddress`, with `NotSent`, or with any other error if the message was
   * sent and its answer lost.
   */
  post(url: URL, { headers, body }: Message): Promise<number> {
    const answer = new Answer()
    const request = { origin: url.origin, path: url.pathname + url.search, method: 'POST' as const }
    this.#agent.dispatch({ ...request, headers, body }, answer)
    return answer.status
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

/** One request, and the status of its answer. */
class Answer implements Dispatcher.DispatchHandler {
  readonly status: Promise<number>
  #settled = Promise.withResolvers<number>()
  #timer = setTimeout(() => this.#late(), limits.connection)
  #isSent = false
  #isLate = false
  #bytes = 0

  constructor() {
    this.status = this.#settled.promise
  }

  #late(): void {
    this.#isLate = true
    this.#settled.reject(new NotSent(`no connection in ${limits.connection} ms`))
  }

  /** Called when a connection takes the request. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isLate) {
      controller.abort(new Error('late'))
      return
    }
    this.#isSent = true
    clearTimeout(this.#timer)
    // The agent's own limit begins anew with each announcement (1xx).
    const abort = () => controller.abort(new Error(`no answer in ${limits.status} ms`))
    this.#timer = setTimeout(abort, limits.status)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // 1xx announces the answer.
    if (status < 200) return
    clearTimeout(this.#timer)
    this.#settled.resolve(status)
    this.#timer = setTimeout(() => controller.abort(new Error('slow body')), limits.body)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > maxBody) controller.abort(new Error('long body'))
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
  }

  /** After the status is known, it has no effect. */
  onResponseError(_: unknown, error: Error): void {
    clearTimeout(this.#timer)
    const isKept = this.#isSent || error instanceof ForbiddenAddress
    this.#settled.reject(isKept ? error : new NotSent(textOf(error), { cause: error }))
  }
}

/** Node reports several failed attempts to connect as one error without a message. */
const textOf = (error: Error & { code?: string }): string => error.message || (error.code ?? '')
