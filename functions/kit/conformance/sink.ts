// Stands for the KafkaSink of a task: keeps the events that it accepts, and refuses or holds them on demand.
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fromMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'

type Mode = 'accepts' | 'refuses' | 'holds'

interface Arrived {
  event: FormEvent
  accepted: boolean
}

export class Sink {
  #server: Server
  #mode: Mode = 'accepts'
  #arrived: Arrived[] = []
  #held: [Arrived, ServerResponse][] = []

  static async start(): Promise<Sink> {
    const sink = new Sink()
    await once(sink.#server.listen(0, '127.0.0.1'), 'listening')
    return sink
  }

  constructor() {
    this.#server = createServer(async (request, response) => {
      const event = fromMessage(request.headers, await text(request)) as unknown as FormEvent
      this.#take({ event, accepted: false }, response)
    })
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** The events of a submission that were accepted. */
  eventsOf(submission: string): FormEvent[] {
    return this.#of(submission).flatMap(({ event, accepted }) => (accepted ? [event] : []))
  }

  /** Ids of the events of a submission that were accepted. */
  acceptedOf(submission: string): Set<string> {
    return new Set(this.eventsOf(submission).map(({ id }) => id))
  }

  /** Ids of the events of a submission that arrived, accepted or not. */
  arrivedOf(submission: string): Set<string> {
    return new Set(this.#of(submission).map(({ event }) => event.id))
  }

  /** Answers 503 from now on. */
  refuse(): void {
    this.#mode = 'refuses'
  }

  /** From now on senders get no answer. */
  hold(): void {
    this.#mode = 'holds'
  }

  /** Accepts what it holds, and whatever comes from now on. */
  accept(): void {
    this.#mode = 'accepts'
    for (const [arrived, response] of this.#held.splice(0)) this.#answer(arrived, response)
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #of(submission: string): Arrived[] {
    return this.#arrived.filter(({ event }) => event.subject === submission)
  }

  #take(arrived: Arrived, response: ServerResponse): void {
    this.#arrived.push(arrived)
    if (this.#mode === 'holds') this.#held.push([arrived, response])
    else this.#answer(arrived, response)
  }

  #answer(arrived: Arrived, response: ServerResponse): void {
    // The sender of an event that was held may be gone.
    if (response.destroyed) return
    arrived.accepted = this.#mode === 'accepts'
    response.writeHead(arrived.accepted ? 202 : 503).end()
  }
}
