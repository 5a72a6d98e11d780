// The log through a KafkaSink, for processes that only append: POSTs each event to K_SINK. It is durable after a 2xx response.
import { Agent } from 'node:http'
import { type KeyedMessage, type Message, sizeOf } from '../../binary-mode.ts'
import { httpPost, type NoResponse } from '../../http-post.ts'
import { type Consumer, type Log, LogUnavailable, maxWaiting, TooLarge } from '../port.ts'

interface SinkLogOptions {
  url: string
  /** The topic that the KafkaSink writes to. */
  topic: string
  /** Milliseconds for one append. A KafkaSink itself takes 120 seconds to report that Kafka is unreachable. */
  deadline?: number
  /** Milliseconds between two probes of a sink that is not ready. */
  probeEvery?: number
  /** Milliseconds without a probe after a failed append: the sink may answer probes while Kafka is unreachable. */
  failedFor?: number
}

/** Maximum size of an event with its headers. A KafkaSink answers 503 to more than 1 MiB, which would be retried in vain. */
const maxBytes = 1_000_000
/** Milliseconds. */
const probeDeadline = 2000

export class SinkLog implements Log {
  #url: string
  #topic: string
  #deadline: number
  #failedFor: number
  #agent = new Agent({ keepAlive: true, maxSockets: 128 })
  #waiting = new Set<Promise<number>>()
  #reachable = false
  #lastFailure = Number.NEGATIVE_INFINITY
  #probe: NodeJS.Timeout

  /** Resolves even if the sink does not exist yet; the log is not ready until it does. */
  static async open(options: SinkLogOptions): Promise<SinkLog> {
    const log = new SinkLog(options)
    await log.#check()
    return log
  }

  private constructor({
    url,
    topic,
    deadline = 10_000,
    probeEvery = 2000,
    failedFor = 10_000,
  }: SinkLogOptions) {
    this.#url = url
    this.#topic = topic
    this.#deadline = deadline
    this.#failedFor = failedFor
    this.#probe = setInterval(() => void this.#check(), probeEvery).unref()
  }

  async append(topic: string, event: KeyedMessage): Promise<void> {
    if (topic !== this.#topic) {
      throw notSent(`Expected the topic ${this.#topic} of K_SINK, found "${topic}"`)
    }
    if (this.#waiting.size >= maxWaiting) {
      throw notSent(`Expected at most ${maxWaiting} pending appends to K_SINK`)
    }
    if (sizeOf(event) > maxBytes) throw new TooLarge(`Expected at most ${maxBytes} bytes`)
    await this.#post(event)
  }

  async #post(message: Message): Promise<void> {
    const target = { url: this.#url, agent: this.#agent, deadline: this.#deadline }
    const posted = httpPost(target, message)
    this.#waiting.add(posted)
    const problem = await posted.then(problemOf, toUnavailable)
    this.#waiting.delete(posted)
    this.#reachable = !(problem instanceof LogUnavailable)
    if (!this.#reachable) this.#lastFailure = performance.now()
    if (problem) throw problem
  }

  async #check(): Promise<void> {
    if (this.#reachable || performance.now() - this.#lastFailure < this.#failedFor) return
    this.#reachable = await acceptsEvents(this.#url, this.#agent)
  }

  consume(): Promise<Consumer> {
    return Promise.reject(
      new Error(
        'Expected KAFKA_BROKERS to consume a topic, found K_SINK, which only accepts appends',
      ),
    )
  }

  ready(): boolean {
    return this.#reachable
  }

  async close(): Promise<void> {
    clearInterval(this.#probe)
    await Promise.allSettled(this.#waiting)
    this.#agent.destroy()
  }
}

const notSent = (message: string): LogUnavailable => new LogUnavailable(message, { begun: false })

const toUnavailable = (cause: NoResponse): LogUnavailable =>
  new LogUnavailable(`K_SINK did not answer: ${cause.message}`, { begun: cause.begun, cause })

/** An event that a KafkaSink refused with 4xx was not written; after a 5xx or a time-out it may have been. */
function problemOf(status: number): Error | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 413) return new TooLarge('K_SINK answered 413: the event is too large')
  const message = `Expected K_SINK to answer 2xx, found ${status}`
  return new LogUnavailable(message, { begun: status >= 500 || status === 408 })
}

/**
 * Probes with an empty POST, which writes nothing: at the path of a KafkaSink that exists the receiver answers 400 (no event), at
 * any other path 404. A GET would get 405 everywhere.
 */
function acceptsEvents(url: string, agent: Agent): Promise<boolean> {
  const empty: Message = { headers: {}, body: '' }
  return httpPost({ url, agent, deadline: probeDeadline }, empty).then(
    (status) => status < 300 || status === 400,
    () => false,
  )
}
