// POSTs events to one server over HTTP, with one deadline for connecting, sending and receiving the response.
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import Pool from 'undici/lib/dispatcher/pool.js'

/** An event in HTTP. */
interface HttpMessage {
  headers: Record<string, string>
  body: string | Buffer
}

export interface HttpResponse {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** No complete response was received. `begun`: the request was sent on a connection, so the event may have arrived. */
export class NoResponse extends Error {
  override name = 'NoResponse'
  begun: boolean

  constructor(cause: Error, begun: boolean) {
    super(cause.message, { cause })
    this.begun = begun
  }
}

export class EventClient {
  #pool: Pool
  #path: string

  /** `connections`: maximum number; further requests wait for one. */
  constructor(url: string, connections: number) {
    const { origin, pathname, search } = new URL(url)
    // The limits of `Exchange` apply instead.
    this.#pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 })
    this.#path = pathname + search
  }

  /** `deadline`: in milliseconds. Resolves after the whole response was received; rejects with `NoResponse`. */
  post({ headers, body }: HttpMessage, deadline: number): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
    const exchange = new Exchange({ deadline, resolve, reject })
    this.#pool.dispatch({ method: 'POST', path: this.#path, headers, body }, exchange)
    return promise
  }

  /** Cuts the requests in flight. */
  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

interface Waiting {
  deadline: number
  resolve: (response: HttpResponse) => void
  reject: (reason: NoResponse) => void
}

/** One request and its response. The low-level interface of undici: it makes no stream for each response. */
class Exchange implements Dispatcher.DispatchHandler {
  #waiting: Waiting
  #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #late: Error | undefined
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #chunks: Buffer[] = []

  constructor(waiting: Waiting) {
    this.#waiting = waiting
    this.#timer = setTimeout(() => this.#timeOut(), waiting.deadline)
  }

  #timeOut(): void {
    this.#late = new Error(`No answer in ${this.#waiting.deadline} ms`)
    if (this.#controller) this.#controller.abort(this.#late)
    else this.#waiting.reject(new NoResponse(this.#late, false))
  }

  /** Called when a connection is there, before the request is written to it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#late) controller.abort(this.#late)
    else this.#controller = controller
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    const body = this.#chunks.length === 0 ? '' : Buffer.concat(this.#chunks).toString()
    this.#waiting.resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_: unknown, error: Error): void {
    clearTimeout(this.#timer)
    this.#waiting.reject(new NoResponse(error, this.#controller !== undefined))
  }
}
