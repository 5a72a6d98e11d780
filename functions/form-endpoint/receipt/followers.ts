// Streams of server-sent events to people who watch their receipt. https://html.spec.whatwg.org/multipage/server-sent-events.html
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { safeHeaders } from '#kit/http/safe-headers.ts'
import { ProblemError } from '../problem.ts'
import { isFinished, type Receipt } from './receipt.ts'

/** What a stream sends whenever it has changed. */
export interface Update {
  receipt: Receipt
  html: string
}

interface Limits {
  /** Streams of this process. Whoever finds no place loads the page again from time to time. */
  max: number
  /** ms between two reads of a status. */
  interval: number
  /** ms between two signs of life, so that proxies and the endpoint's own time limit keep the connection. */
  heartbeat: number
  /** ms. The browser then connects again, if anybody is still there. */
  lifetime: number
}

const defaults: Limits = { max: 200, interval: 1000, heartbeat: 15_000, lifetime: 600_000 }

const streamHeaders = {
  ...safeHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
}

export class Followers {
  #limits: Limits
  #streams = new Map<ServerResponse, AbortController>()

  constructor(limits: Partial<Limits> = {}) {
    this.#limits = { ...defaults, ...limits }
  }

  /** Takes over the response. Throws a 503 if there are too many streams. */
  follow(reply: FastifyReply, read: () => Promise<Update>): FastifyReply {
    if (this.#streams.size >= this.#limits.max) throw tooMany()
    const closing = new AbortController()
    const { raw } = reply.hijack()
    // Nobody is there any more, and no `close` follows.
    if (raw.destroyed) return reply
    this.#streams.set(raw, closing)
    raw.once('close', () => {
      closing.abort()
      this.#streams.delete(raw)
    })
    raw.writeHead(200, streamHeaders)
    // Without a status there is nothing to send: the browser connects again.
    const end = () => raw.end()
    this.#send(raw, read, closing.signal).then(end, end)
    return reply
  }

  /** Ends all streams; browsers connect again, to another process. */
  async close(): Promise<void> {
    const ended = [...this.#streams].map(([raw, closing]) => {
      closing.abort()
      return once(raw, 'close')
    })
    await Promise.all(ended)
  }

  async #send(
    raw: ServerResponse,
    read: () => Promise<Update>,
    signal: AbortSignal,
  ): Promise<void> {
    const { interval, heartbeat, lifetime } = this.#limits
    const ends = performance.now() + lifetime
    let [sent, sentAt] = ['', performance.now()]
    while (!signal.aborted && performance.now() < ends) {
      const { receipt, html } = await read()
      const data = JSON.stringify({ status: receipt.status, html })
      const isDue = performance.now() - sentAt > heartbeat
      if (data !== sent) raw.write(`event: receipt\ndata: ${data}\n\n`)
      else if (isDue) raw.write(': \n\n')
      if (data !== sent || isDue) [sent, sentAt] = [data, performance.now()]
      if (isFinished(receipt)) return void raw.write('event: finished\ndata:\n\n')
      await delay(interval, undefined, { signal }).catch(() => {})
    }
  }
}

const tooMany = (): ProblemError =>
  new ProblemError({
    status: 503,
    title: 'Too many people follow their receipts right now',
    detail: 'Load the receipt again from time to time',
  })
