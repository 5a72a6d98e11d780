// One broker of the local cluster: a KRaft node, broker and controller in one, in a folder of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Listener } from '../free-ports.ts'
import { clusterIdOf } from './cluster-id.ts'

export interface BrokerOptions {
  /** 1, 2, 3 … */
  id: number
  /** How many brokers the cluster has. */
  of: number
  /** Folder of the cluster. */
  folder: string
  /** Where clients reach it; 127.0.0.1 unless said. */
  host?: string
  /** Of the first broker; the others follow, the controllers are 1000 higher. */
  port: number
  /** Folder of Kafka's jars. */
  jars: string
  /** What clients and the other brokers speak; SASL_SSL needs the `properties` of security.ts. */
  protocol?: 'PLAINTEXT' | 'SASL_SSL'
  /** More lines of server.properties. */
  properties?: Record<string, string>
  /** More arguments for the first formatting of the data folder. */
  format?: string[]
}

export class Broker {
  readonly id: number
  readonly address: string
  #options: BrokerOptions
  #folder: string

  constructor(options: BrokerOptions) {
    this.id = options.id
    this.address = `${options.host ?? '127.0.0.1'}:${options.port + options.id - 1}`
    this.#options = options
    this.#folder = join(options.folder, `broker-${options.id}`)
  }

  /** Where its partitions lie. */
  get data(): string {
    return join(this.#folder, 'data')
  }

  /** Undefined where it does not run. */
  get pid(): number | undefined {
    const file = join(this.#folder, 'pid')
    if (!existsSync(file)) return undefined
    const pid = Number(readFileSync(file, 'utf8'))
    return lives(pid) ? pid : undefined
  }

  /** What it listens on: for clients, and for the other controllers. */
  get listeners(): Listener[] {
    const { host = '127.0.0.1', port } = this.#options
    const own = port + this.id - 1
    const who = `broker ${this.id}`
    return [
      { host, port: own, who },
      { host: '127.0.0.1', port: own + 1000, who: `the controller of ${who}` },
    ]
  }

  start(): void {
    if (this.pid) return
    mkdirSync(this.#folder, { recursive: true })
    const properties = join(this.#folder, 'server.properties')
    // Passwords may be in it.
    writeFileSync(properties, this.#properties(), { mode: 0o600 })
    if (!existsSync(join(this.data, 'meta.properties'))) this.#format(properties)
    const output = openSync(join(this.#folder, 'broker.log'), 'a')
    const child: ChildProcess = spawn('java', [...this.#java(256), 'kafka.Kafka', properties], {
      detached: true,
      stdio: ['ignore', output, output],
    })
    child.unref()
    writeFileSync(join(this.#folder, 'pid'), String(child.pid))
  }

  /** SIGTERM hands over its partitions; SIGKILL is a power cut of its process; SIGSTOP and SIGCONT freeze and thaw it. */
  async signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const { pid } = this
    if (!pid) return
    process.kill(pid, name)
    if (name === 'SIGSTOP' || name === 'SIGCONT') return
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 50))
    rmSync(join(this.#folder, 'pid'), { force: true })
  }

  #format(properties: string): void {
    const id = clusterIdOf(this.#options.folder)
    const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]
    const command = [...this.#java(64), ...format, ...(this.#options.format ?? [])]
    execFileSync('java', command, { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  #java(megabytes: number): string[] {
    const log4j = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`
    // The second compiler would take the cores of a laptop for the first minute of every broker's life.
    const virtualMachine = [`-Xms${megabytes}m`, `-Xmx${megabytes}m`, '-XX:TieredStopAtLevel=1']
    return [...virtualMachine, log4j, '-cp', join(this.#options.jars, '*')]
  }

  #properties(): string {
    const { id, of, port, protocol = 'PLAINTEXT' } = this.#options
    const ids = Array.from({ length: of }, (_, index) => index + 1)
    const controller = (node: number) => `127.0.0.1:${port + 1000 + node - 1}`
    const replicas = Math.min(3, of)
    const lines: Record<string, string | number> = {
      'process.roles': 'broker,controller',
      'node.id': id,
      'controller.quorum.voters': ids.map((node) => `${node}@${controller(node)}`).join(','),
      listeners: `${protocol}://${this.address},CONTROLLER://${controller(id)}`,
      'advertised.listeners': `${protocol}://${this.address}`,
      'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,${protocol}:${protocol}`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': this.data,
      // Topics are declared, and an out-of-date replica never leads.
      'auto.create.topics.enable': 'false',
      'unclean.leader.election.enable': 'false',
      'default.replication.factor': replicas,
      'min.insync.replicas': Math.max(1, replicas - 1),
      'offsets.topic.replication.factor': replicas,
      'offsets.topic.num.partitions': 6,
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': Math.max(1, replicas - 1),
      'group.initial.rebalance.delay.ms': 0,
      'num.io.threads': 4,
      'num.network.threads': 2,
      'log.cleaner.dedupe.buffer.size': 2 ** 21,
      ...this.#options.properties,
    }
    return Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie has ended, though its parent has not looked yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}
