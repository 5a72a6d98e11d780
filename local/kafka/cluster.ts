// Apache Kafka on this machine: one or three brokers from the published jars, without Docker.
import { setTimeout as delay } from 'node:timers/promises'
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { expectFree } from '../free-ports.ts'
import { Broker, type BrokerOptions } from './broker.ts'

export interface ClusterOptions extends Omit<BrokerOptions, 'id'> {
  /** TLS and login of clients, if the cluster requires them. */
  connection?: Pick<KafkaConfig, 'ssl' | 'sasl'>
}

const startTimeout = 90_000
/** Milliseconds for a clean shutdown of all brokers. */
const stopTimeout = 20_000
const pollInterval = 200
/** Milliseconds to wait for one broker's answer. */
const requestTimeout = 2000

export class Cluster {
  readonly brokers: Broker[]
  #connection: ClusterOptions['connection']

  constructor({ connection, ...options }: ClusterOptions) {
    this.#connection = connection
    this.brokers = Array.from(
      { length: options.of },
      (_, index) => new Broker({ ...options, id: index + 1 }),
    )
  }

  /** The value of KAFKA_BROKERS. */
  get addresses(): string {
    return this.brokers.map(({ address }) => address).join(',')
  }

  broker(id: number): Broker {
    const broker = this.brokers[id - 1]
    if (!broker) throw new Error(`Expected a broker from 1 to ${this.brokers.length}, found ${id}`)
    return broker
  }

  /** Starts the brokers that are not running. Resolves when all have joined. */
  async start(): Promise<void> {
    const stopped = this.brokers.filter(({ pid }) => !pid)
    const listeners = stopped.flatMap(({ listeners }) => listeners)
    await expectFree(listeners, 'set KAFKA_PORT to use other ports')
    for (const broker of stopped) broker.start()
    await this.allJoined()
  }

  /** Resolves when every broker answers and knows all others. */
  async allJoined(): Promise<void> {
    const deadline = Date.now() + startTimeout
    while ((await this.countJoined()) < this.brokers.length) {
      if (Date.now() > deadline) {
        throw new Error(`Expected all brokers to join within ${startTimeout / 1000} s`)
      }
      await delay(pollInterval)
    }
  }

  /** Asks every broker at its own address, because brokers may have outdated information about others. */
  async countJoined(): Promise<number> {
    const known = await Promise.all(
      this.brokers.map(({ address }) => this.#brokersKnownAt(address)),
    )
    return known.filter((brokers) => brokers === this.brokers.length).length
  }

  /** Returns 0 if there is no answer. */
  async #brokersKnownAt(address: string): Promise<number> {
    const quiet = { logLevel: logLevel.NOTHING, retry: { retries: 0 }, requestTimeout }
    const admin = new Kafka({ brokers: [address], ...quiet, ...this.#connection }).admin()
    try {
      await admin.connect()
      return (await admin.describeCluster()).brokers.length
    } catch {
      return 0
    } finally {
      await admin.disconnect()
    }
  }

  async stop(): Promise<void> {
    // A frozen broker would not handle SIGTERM.
    await this.#signal('SIGCONT')
    // If two of three brokers end first, the third waits minutes for a controller that could let it go.
    const late = setTimeout(() => this.#signal('SIGKILL'), stopTimeout)
    await this.#signal('SIGTERM')
    clearTimeout(late)
  }

  async #signal(name: Parameters<Broker['signal']>[0]): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.signal(name)))
  }
}
