// One connection to Redis that never sends a command twice: a reply says that the command ran, and where it ran.
import { Redis } from 'ioredis'
import { RetryLater } from '#kit/errors.ts'
import { checkServer, type Wanted } from './check-server.ts'
import type { Loss, RedisServer } from './settings.ts'

export interface RedisConfig {
  server: RedisServer
  replicas?: number
  accepted?: Loss
}

// Milliseconds: for the replicas; for a reply; for a server at the start; until settings that are too weak are read again.
const replicaTimeout = 2000
const replyTimeout = 6000
const startTimeout = 10_000
const checkAgain = 5000

/** Replies of a server that leads no more, or not yet: Sentinel may know another by now. Version 6 puts them behind a text. */
const notLeading = /(^|-)(READONLY|LOADING|NOREPLICAS|MASTERDOWN|UNBLOCKED)\b/
/** Its memory or disk is full, or it is busy. */
const unwell = /(^|-)(OOM|MISCONF|BUSY)\b/
/** No later try can help against these. */
const refusal = /WRONGPASS|NOAUTH|NOPERM|invalid password|self.signed|certificate|wrong version/i

export class RedisConnection {
  readonly #redis: Redis
  readonly #wanted: Wanted
  #problem: string | undefined = 'Redis is not connected yet'
  #lastError: Error | undefined
  /** Counts connections, and their ends. */
  #epoch = 0
  /** Resolves with what the first look at the server found; true: it can be used. */
  #first = Promise.withResolvers<true | string>()

  /** Rejects for what only an operator can change; a server that is away is waited for, while `problem` says so. */
  static async open(config: RedisConfig): Promise<RedisConnection> {
    const connection = new RedisConnection(config)
    const timer = setTimeout(() => connection.#first.resolve(true), startTimeout)
    const first = await connection.#first.promise
    clearTimeout(timer)
    if (first === true) return connection
    await connection.close()
    throw new Error(first)
  }

  private constructor({ server, replicas, accepted = 'nothing' }: RedisConfig) {
    const { sentinel, options } = server
    this.#wanted = { sentinel, accepted, replicas: replicas ?? (sentinel ? 1 : 0) }
    this.#redis = new Redis({
      ...options,
      // A WAIT that is sent again would speak for a connection that wrote nothing.
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      // Rejects what is under way when the connection ends; without it ioredis would leave that open.
      maxRetriesPerRequest: 0,
      commandTimeout: replyTimeout,
      connectTimeout: replyTimeout,
      sentinelCommandTimeout: replicaTimeout,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
      reconnectOnError: ({ message }) => notLeading.test(message),
    })
    this.#redis.on('error', (error: Error) => this.#failed(error))
    this.#redis.on('ready', () => this.#check())
    this.#redis.on('close', () => {
      this.#epoch++
      this.#problem = `Redis cannot be reached: ${this.#lastError?.message ?? 'the connection ended'}`
    })
  }

  #failed(error: Error): void {
    this.#lastError = error
    this.#problem = `Redis cannot be reached: ${error.message}`
    if (refusal.test(error.message)) this.#first.resolve(`Redis refuses us: ${error.message}`)
  }

  async #check(): Promise<void> {
    const epoch = ++this.#epoch
    try {
      const problem = await checkServer(this.#redis, this.#wanted)
      if (epoch !== this.#epoch) return
      this.#problem = problem
      this.#lastError = undefined
      this.#first.resolve(problem ?? true)
      if (problem) setTimeout(() => this.#again(epoch), checkAgain).unref()
    } catch (error) {
      this.#failed(error as Error)
      this.#again(epoch)
    }
  }

  /** Connects anew, where that did not happen already. */
  #again(epoch: number): void {
    if (epoch !== this.#epoch) return
    this.#problem ??= 'Redis is connected anew'
    this.#redis.disconnect(true)
  }

  /** Why nothing can be asked of Redis now. */
  problem(): string | undefined {
    return this.#problem
  }

  /** What `commands` resolve with. For what may be lost, or changes nothing. */
  async ask<Result>(commands: (redis: Redis) => Promise<Result>): Promise<Result> {
    if (this.#problem !== undefined) throw new RetryLater(this.#problem)
    const epoch = this.#epoch
    try {
      return await commands(this.#redis)
    } catch (error) {
      throw this.#toOurs(error as Error, epoch)
    }
  }

  /**
   * The same, once as many replicas as asked have what the commands wrote; else RetryLater, and it may have been done or
   * not. The commands must write in any case, so that WAIT also speaks for what they found there.
   */
  async write<Result>(commands: (redis: Redis) => Promise<Result>): Promise<Result> {
    const { replicas } = this.#wanted
    const epoch = this.#epoch
    const [result, reached] = await this.ask((redis) =>
      // Sent at once, one behind the other. WAIT does not wait inside a script or a transaction.
      Promise.all([commands(redis), replicas === 0 ? 0 : redis.wait(replicas, replicaTimeout)]),
    )
    if (epoch !== this.#epoch)
      throw new RetryLater('The connection to Redis ended between a write and its WAIT')
    if (reached >= replicas) return result
    // It may lead no more: the next connection asks Sentinel who does.
    this.#again(epoch)
    throw new RetryLater(`Expected ${replicas} Redis replicas to have a write, found ${reached}`)
  }

  #toOurs(error: Error, epoch: number): Error {
    // A script's own fault is no matter of time.
    const passes = notLeading.test(error.message) || unwell.test(error.message)
    if (error.name === 'ReplyError' && !passes) return error
    // The server may be frozen, while Sentinel knows another.
    if (error.message === 'Command timed out') this.#again(epoch)
    return new RetryLater(`Redis: ${error.message}`, { cause: error })
  }

  async close(): Promise<void> {
    this.#problem = 'The buffer is closed'
    if (this.#redis.status === 'end') return
    const ended = new Promise((resolve) => this.#redis.once('end', resolve))
    this.#redis.disconnect()
    await ended
  }
}
