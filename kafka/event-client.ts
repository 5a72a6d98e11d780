// HTTP requests to one server that takes events, each with one deadline for connecting, sending and receiving the response.
import { type IncomingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Dispatcher } from 'undici'
import Pool from 'undici/lib/dispatcher/pool.js'

export interface HttpResponse {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** No complete response was received. `begun`: a connection took the request, so the event may have arrived. */
export class NoResponse extends Error {
  override name = 'NoResponse'
  begun: boolean

  constructor(cause: Error, begun: boolean) {
    super(cause.message, { cause })
    this.begun = begun
  }
}

type Headers = Record<string, string>
type Request = Dispatcher.DispatchOptions & { headers: Headers }

export class EventClient {
  #pool: Pool
  #path: string
  #freeConnections: number
  /** Requests that wait for a connection, oldest first. */
  #waiting = new Set<Exchange>()

  /** `connections`: maximum number. */
  constructor(url: string, connections: number) {
    const { origin, pathname, search } = new URL(url)
    // The deadline of each request applies instead.
    this.#pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 })
    this.#path = pathname + search
    this.#freeConnections = connections
  }

  /** `deadline`: in milliseconds. Resolves after the whole response was received; rejects with `NoResponse`. */
  post(message: { headers: Headers; body: string | Buffer }, deadline: number) {
    const { headers, body } = message
    return this.#request({ method: 'POST', path: this.#path, headers, body }, deadline)
  }

  get(path: string, headers: Headers, deadline: number): Promise<HttpResponse> {
    return this.#request({ method: 'GET', path, headers }, deadline)
  }

  async #request(request: Request, deadline: number): Promise<HttpResponse> {
    // undici loses a connection for good with each request that it refuses for its headers.
    const problem = headerProblem(request.headers)
    if (problem) throw new NoResponse(problem, false)
    const exchange = new Exchange(request, deadline)
    this.#waiting.add(exchange)
    this.#sendNext()
    return exchange.response.finally(() => this.#waiting.delete(exchange))
  }

  #sendNext(): void {
    for (const exchange of this.#waiting) {
      if (this.#freeConnections === 0) return
      this.#waiting.delete(exchange)
      this.#freeConnections -= 1
      void exchange.ended.then(() => {
        this.#freeConnections += 1
        this.#sendNext()
      })
      this.#pool.dispatch(exchange.request, exchange)
    }
  }

  /** Cuts the requests in flight, and rejects those that wait. */
  async close(): Promise<void> {
    for (const exchange of this.#waiting) exchange.cancel(new Error('The client was closed'))
    await this.#pool.destroy()
  }
}

/** Why HTTP cannot carry these headers; undefined if it can. */
export function headerProblem(headers: Headers): Error | undefined {
  try {
    for (const name in headers) {
      validateHeaderName(name)
      validateHeaderValue(name, headers[name] as string)
    }
    return undefined
  } catch (error) {
    return error as Error
  }
}

/** Bytes of a response that are kept. */
const maxBody = 2 ** 20

/** One request and its response. The low-level interface of undici: it makes no stream for each response. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly request: Request
  readonly response: Promise<HttpResponse>
  /** Resolves when the connection is free again. */
  readonly ended: Promise<void>
  #settled = Promise.withResolvers<HttpResponse>()
  #end = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #canceled: Error | undefined
  #received: HttpResponse = { status: 0, headers: {}, body: '' }
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(request: Request, deadline: number) {
    this.request = request
    this.response = this.#settled.promise
    this.ended = this.#end.promise
    const late = () => this.cancel(new Error(`No answer in ${deadline} ms`))
    this.#timer = setTimeout(late, deadline)
  }

  cancel(reason: Error): void {
    clearTimeout(this.#timer)
    this.#canceled = reason
    if (this.#controller) this.#controller.abort(reason)
    else this.#settled.reject(new NoResponse(reason, false))
  }

  /** Called when a connection takes the request. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#canceled) controller.abort(this.#canceled)
    else this.#controller = controller
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    this.#received = { status, headers, body: '' }
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes <= maxBody) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    if (this.#bytes > 0) this.#received.body = Buffer.concat(this.#chunks).toString()
    this.#settled.resolve(this.#received)
    this.#end.resolve()
  }

  onResponseError(_: unknown, error: Error): void {
    clearTimeout(this.#timer)
    this.#settled.reject(new NoResponse(error, this.#controller !== undefined))
    this.#end.resolve()
  }
}
