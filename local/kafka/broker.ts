// One broker of the local cluster: a KRaft node, broker and controller in one process, with its own folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Listener } from '../free-ports.ts'
import { clusterIdOf } from './cluster-id.ts'
import { serverProperties } from './server-properties.ts'

export interface BrokerOptions {
  /** 1, 2, 3 … */
  id: number
  /** Number of brokers in the cluster. */
  of: number
  /** Folder of the cluster. */
  folder: string
  /** Host name for clients. Default: 127.0.0.1. */
  host?: string
  /** Port of the first broker. The others follow; controllers are 1000 higher. */
  port: number
  /** Folder with Kafka's jars. */
  jars: string
  /** Used by clients and between brokers. SASL_SSL needs the `properties` of security.ts. Default: PLAINTEXT. */
  protocol?: 'PLAINTEXT' | 'SASL_SSL'
  /** Additional lines of server.properties. */
  properties?: Record<string, string>
  /** Additional arguments of the command that formats the data folder. */
  format?: string[]
}

const loopback = '127.0.0.1'
const controllerPortOffset = 1000
const pollInterval = 50

export class Broker {
  readonly id: number
  readonly address: string
  #options: BrokerOptions
  #folder: string

  constructor(options: BrokerOptions) {
    this.id = options.id
    this.address = `${options.host ?? loopback}:${options.port + options.id - 1}`
    this.#options = options
    this.#folder = join(options.folder, `broker-${options.id}`)
  }

  /** Folder of its partitions. */
  get data(): string {
    return join(this.#folder, 'data')
  }

  /** Undefined if the broker is not running. */
  get pid(): number | undefined {
    const file = join(this.#folder, 'pid')
    if (!existsSync(file)) return undefined
    const pid = Number(readFileSync(file, 'utf8'))
    return isRunning(pid) ? pid : undefined
  }

  get listeners(): Listener[] {
    const { host = loopback, port } = this.#options
    const own = port + this.id - 1
    const who = `broker ${this.id}`
    return [
      { host, port: own, who },
      { host: loopback, port: own + controllerPortOffset, who: `the controller of ${who}` },
    ]
  }

  /** The broker is a daemon: it outlives this process. */
  start(): void {
    if (this.pid) return
    mkdirSync(this.#folder, { recursive: true })
    const properties = join(this.#folder, 'server.properties')
    // May contain passwords.
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

  /**
   * SIGTERM: clean shutdown, its partitions move to other brokers. SIGKILL: crash. SIGSTOP and SIGCONT: freeze and continue.
   * After SIGTERM and SIGKILL, resolves when the process has exited.
   */
  async signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const { pid } = this
    if (!pid) return
    process.kill(pid, name)
    if (name === 'SIGSTOP' || name === 'SIGCONT') return
    while (isRunning(pid)) await delay(pollInterval)
    rmSync(join(this.#folder, 'pid'), { force: true })
  }

  #format(properties: string): void {
    const id = clusterIdOf(this.#options.folder)
    const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]
    const command = [...this.#java(64), ...format, ...(this.#options.format ?? [])]
    execFileSync('java', command, { stdio: ['ignore', 'ignore', 'inherit'] })
  }

  #java(heapMegabytes: number): string[] {
    const heap = [`-Xms${heapMegabytes}m`, `-Xmx${heapMegabytes}m`]
    const log4j = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`
    // Without the C2 compiler, which would occupy a laptop's cores for the first minute of each broker.
    return [...heap, '-XX:TieredStopAtLevel=1', log4j, '-cp', join(this.#options.jars, '*')]
  }

  #properties(): string {
    const { id, of, port, protocol = 'PLAINTEXT', properties } = this.#options
    const { address, data } = this
    const controller = (node: number) => `${loopback}:${port + controllerPortOffset + node - 1}`
    return serverProperties({ id, of, address, controller, protocol, data }, properties)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie has exited; its parent has not collected it yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    // Only Linux has /proc.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}
