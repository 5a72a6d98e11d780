// The log by way of a KafkaSink, for who only appends: a POST of the event to K_SINK, durable once that answers 2xx.
import { Agent } from 'node:http'
import { type Message, sizeOf, toMessage } from '../../binary-mode.ts'
import type { FormEvent } from '../../define-event.ts'
import { post, type Unanswered } from '../../http-post.ts'
import { type Consumer, type Log, LogUnavailable, maxWaiting, TooLarge } from '../port.ts'

interface SinkLogOptions {
  url: string
  /** A KafkaSink writes to one. */
  topic: string
  /** Milliseconds; a KafkaSink itself takes 120 seconds to say that Kafka is away, and nobody waits that long. */
  deadline?: number
  /** Milliseconds between two looks whether the sink is there, while it seems not to be. */
  probeEvery?: number
  /** Milliseconds that a failure counts: the sink may be there though Kafka is not. */
  failedFor?: number
}

/** With its headers. A KafkaSink answers 503 to more than 1 MiB, as if a repeat could help. */
const maxBytes = 1_000_000
const probeDeadline = 2000

export class SinkLog implements Log {
  #url: string
  #topic: string
  #deadline: number
  #failedFor: number
  #agent = new Agent({ keepAlive: true, maxSockets: 128 })
  #waiting = new Set<Promise<number>>()
  #reachable = false
  #failed = Number.NEGATIVE_INFINITY
  #probe: NodeJS.Timeout

  /** Opens also where the sink is not there: it is not ready until it is. */
  static async open(options: SinkLogOptions): Promise<SinkLog> {
    const log = new SinkLog(options)
    await log.#look()
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
    this.#probe = setInterval(() => void this.#look(), probeEvery).unref()
  }

  async append(topic: string, event: FormEvent, written?: string): Promise<void> {
    if (topic !== this.#topic) {
      const message = `Expected the topic ${this.#topic} of K_SINK, found "${topic}"`
      throw new LogUnavailable(message, { begun: false })
    }
    if (this.#waiting.size >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} appends to wait for K_SINK`
      throw new LogUnavailable(message, { begun: false })
    }
    const message = toMessage(event, 'ce-', written)
    if (sizeOf(message) > maxBytes) throw new TooLarge(`Expected at most ${maxBytes} bytes`)
    await this.#post(message)
  }

  async #post(message: Message): Promise<void> {
    const target = { url: this.#url, agent: this.#agent, deadline: this.#deadline }
    const posted = post(target, message)
    this.#waiting.add(posted)
    const problem = await posted.then(problemOf, toUnavailable)
    this.#waiting.delete(posted)
    this.#reachable = !(problem instanceof LogUnavailable)
    if (!this.#reachable) this.#failed = performance.now()
    if (problem) throw problem
  }

  async #look(): Promise<void> {
    if (this.#reachable || performance.now() - this.#failed < this.#failedFor) return
    this.#reachable = await takesEvents(this.#url, this.#agent)
  }

  consume(): Promise<Consumer> {
    return Promise.reject(
      new Error('Expected KAFKA_BROKERS to consume a topic, found K_SINK, which only takes events'),
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

const toUnavailable = (cause: Unanswered): LogUnavailable =>
  new LogUnavailable(`K_SINK did not answer: ${cause.message}`, { begun: cause.begun, cause })

/** What a KafkaSink refused it did not write; after a fault nobody knows. */
function problemOf(status: number): Error | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 413) return new TooLarge('Expected an event that K_SINK takes, found 413')
  const message = `Expected K_SINK to answer 2xx, found ${status}`
  return new LogUnavailable(message, { begun: status >= 500 || status === 408 })
}

/**
 * A POST of nothing writes nothing. A KafkaSink refuses it with 400 as no event, on the path of one that is there; on any other path
 * with 404. To a GET its receiver answers 405 everywhere.
 */
function takesEvents(url: string, agent: Agent): Promise<boolean> {
  const nothing: Message = { headers: {}, body: '' }
  return post({ url, agent, deadline: probeDeadline }, nothing).then(
    (status) => status < 300 || status === 400,
    () => false,
  )
}
