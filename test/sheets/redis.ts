// Redis for tests: one server, or a master with two replicas and three sentinels, on free ports of 127.0.0.1.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePorts } from '../free-ports.ts'
import { until } from '../until.ts'

/** False if the Debian packages redis-server and redis-sentinel are not installed. */
export const redisInstalled =
  spawnSync('redis-server', ['--version']).status === 0 &&
  spawnSync('redis-sentinel', ['--version']).status === 0

if (!redisInstalled)
  console.warn('Skipped: no redis-server (apt-get install redis-server redis-sentinel)')

type Settings = Record<string, string | number>

/** A server that keeps its data when it is restarted. */
export class RedisServer {
  readonly port: number
  #folder: string
  #program: string
  #settings: Settings
  #process: ChildProcess | undefined

  constructor(
    folder: string,
    { port, program, ...settings }: Settings & { port: number; program: string },
  ) {
    this.port = port
    this.#folder = folder
    this.#program = program
    this.#settings = settings
  }

  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const file = join(this.#folder, 'redis.conf')
    const settings = { bind: '127.0.0.1', port: this.port, dir: this.#folder, ...this.#settings }
    // Written only once, because a sentinel saves its state in this file.
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`)
    if (!this.#process) await writeFile(file, lines.join(''))
    const started = spawn(this.#program, [file], { stdio: 'ignore' })
    this.#process = started
    // Ends the server with this process, even if a test crashes.
    const kill = () => started.kill('SIGKILL')
    process.once('exit', kill)
    started.once('exit', () => process.off('exit', kill))
    await until(() => this.answers())
  }

  async answers(): Promise<boolean> {
    const password = this.#settings.requirepass
    return (await ask(this.port, ['ping'], password ? String(password) : undefined)) === 'PONG'
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }
}

export interface RedisSetup {
  /** The first one is the initial master. */
  servers: RedisServer[]
  /** Value for REDIS_URL. */
  url: string
  /** Waits until the server that the sentinels name is master and has `replicas` replicas, and returns it. */
  master: (replicas?: number) => Promise<RedisServer>
  stop: () => Promise<void>
}

const durable = {
  appendonly: 'yes',
  appendfsync: 'always',
  save: '""',
  'repl-diskless-sync-delay': 0,
}

export async function oneServer(more: Settings = {}): Promise<RedisSetup> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-redis-'))
  const [port = 0] = await freePorts(1)
  const server = new RedisServer(folder, { program: 'redis-server', port, ...durable, ...more })
  await server.start()
  const url = `redis://127.0.0.1:${port}`
  return { servers: [server], url, master: async () => server, stop: () => stop(folder, [server]) }
}

export async function withSentinels(more: Settings = {}): Promise<RedisSetup> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-redis-'))
  const [a = 0, b = 0, c = 0, ...sentinelPorts] = await freePorts(6)
  const common = { program: 'redis-server', ...durable, 'min-replicas-to-write': 1, ...more }
  const servers = [a, b, c].map((port, index) => {
    const following: Settings = index === 0 ? {} : { replicaof: `127.0.0.1 ${a}` }
    return new RedisServer(join(folder, String(port)), { ...common, port, ...following })
  })
  const sentinels = sentinelPorts.map((port) => {
    const watch = {
      'sentinel monitor': `main 127.0.0.1 ${a} 2`,
      'sentinel down-after-milliseconds': 'main 1000',
      'sentinel failover-timeout': 'main 5000',
    }
    return new RedisServer(join(folder, String(port)), {
      program: 'redis-sentinel',
      port,
      ...watch,
    })
  })
  await Promise.all(servers.map((server) => server.start()))
  // Replicas first, because sentinels ask the master for them at their start, and then only after ten seconds.
  await until(async () => (await online(a)) === 2)
  await Promise.all(sentinels.map((server) => server.start()))
  const master = (replicas = 0) => leader(servers, sentinelPorts, replicas)
  await master(2)
  await until(() => knowEachOther(sentinelPorts))
  const hosts = sentinelPorts.map((port) => `127.0.0.1:${port}`).join()
  const url = `redis+sentinel://${hosts}/main`
  return { servers, url, master, stop: () => stop(folder, [...servers, ...sentinels]) }
}

async function stop(folder: string, servers: RedisServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()))
  await rm(folder, { recursive: true })
}

async function leader(
  servers: RedisServer[],
  sentinelPorts: number[],
  replicas: number,
): Promise<RedisServer> {
  let found: RedisServer | undefined
  await until(async () => {
    const [port = 0] = sentinelPorts
    const address = await ask(port, ['sentinel', 'get-master-addr-by-name', 'main'])
    found = servers.find((server) => Array.isArray(address) && String(server.port) === address[1])
    return found !== undefined && ((await online(found.port)) ?? -1) >= replicas
  })
  return found as RedisServer
}

/** Number of connected replicas; undefined if the server is not a master. */
async function online(port: number): Promise<number | undefined> {
  const info = String(await ask(port, ['info', 'replication']))
  return info.includes('role:master') ? (info.match(/state=online/g)?.length ?? 0) : undefined
}

/** True if all sentinels know each other and the replicas, so that they can agree on a failover. */
async function knowEachOther(sentinelPorts: number[]): Promise<boolean> {
  const infos = await Promise.all(sentinelPorts.map((port) => ask(port, ['info', 'sentinel'])))
  return infos.every((info) => String(info).includes('slaves=2,sentinels=3'))
}

/** Reply to a command, sent over a new connection; undefined if it fails or takes more than a second. */
export async function ask(port: number, command: string[], password?: string): Promise<unknown> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    password,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: null,
    commandTimeout: 1000,
  })
  client.on('error', () => undefined)
  const [name = '', ...values] = command
  try {
    await client.connect()
    return await client.call(name, ...values)
  } catch {
    return undefined
  } finally {
    client.disconnect()
  }
}
