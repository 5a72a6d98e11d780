// Apache Kafka on this machine: one or three brokers from the published jars, no Docker and nothing to unpack.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { expectFree } from '../free-ports.ts'
import { Broker, type BrokerOptions } from './broker.ts'

export interface ClusterOptions extends Omit<BrokerOptions, 'id'> {
  /** How a client gets in, where that takes a password. */
  connection?: Pick<KafkaConfig, 'ssl' | 'sasl'>
}

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

  /** What KAFKA_BROKERS is set to. */
  get addresses(): string {
    return this.brokers.map(({ address }) => address).join(',')
  }

  broker(id: number): Broker {
    const broker = this.brokers[id - 1]
    if (!broker) throw new Error(`Expected a broker from 1 to ${this.brokers.length}, found ${id}`)
    return broker
  }

  /** Resolves when every broker has joined. */
  async start(): Promise<void> {
    const stopped = this.brokers.filter(({ pid }) => !pid)
    const listeners = stopped.flatMap(({ listeners }) => listeners)
    await expectFree(listeners, 'KAFKA_PORT says which ports')
    for (const broker of this.brokers) broker.start()
    await this.whole()
  }

  /** Resolves when every broker answers. */
  async whole(): Promise<void> {
    const deadline = Date.now() + 90_000
    while ((await this.joined()) < this.brokers.length) {
      if (Date.now() > deadline) throw new Error('Expected all brokers to join within 90 s')
      await delay(200)
    }
  }

  /** How many brokers answer, each at its own address: what one says of another may be old. */
  async joined(): Promise<number> {
    const known = await Promise.all(this.brokers.map(({ address }) => this.#knownTo(address)))
    return known.filter((brokers) => brokers === this.brokers.length).length
  }

  /** How many brokers the cluster has, asked at one address; none while that one does not answer. */
  async #knownTo(address: string): Promise<number> {
    const quiet = { logLevel: logLevel.NOTHING, retry: { retries: 0 }, requestTimeout: 2000 }
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
    await Promise.all(this.brokers.map((broker) => broker.signal('SIGCONT')))
    await Promise.all(this.brokers.map((broker) => broker.signal('SIGTERM')))
  }
}

/** Brings the jars where they are not there yet. `say`: what takes long. */
export function fetchJars(folder: string, say: (message: string) => void): void {
  const pom = join(import.meta.dirname, 'pom.xml')
  const complete = join(folder, 'complete')
  const wanted = readFileSync(pom, 'utf8')
  if (existsSync(complete) && readFileSync(complete, 'utf8') === wanted) return
  requireProgram('java', 'Java 17 or later')
  requireProgram('mvn', 'Maven')
  say('Fetching Apache Kafka (once, about 50 MB)…')
  mkdirSync(folder, { recursive: true })
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  execFileSync('mvn', ['-q', '-B', '-f', pom, ...copy], { stdio: 'inherit' })
  writeFileSync(complete, wanted)
}

function requireProgram(name: string, what: string): void {
  try {
    execFileSync(name, ['-version'], { stdio: 'ignore' })
  } catch {
    throw new Error(`Expected ${what} on this machine for a local Kafka, found no ${name}`)
  }
}
