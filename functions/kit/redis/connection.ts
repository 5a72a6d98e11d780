// One connection to Redis that never sends a command twice, so that a reply shows that the command ran and on which server.
import { Redis } from 'ioredis'
import { RetryLater } from '../errors.ts'
import { checkServer, type Requirements } from './check-server.ts'
import type { Loss, RedisServer } from './settings.ts'

export interface RedisConfig {
  server: RedisServer
  replicas?: number
  accepted?: Loss
}

// Time limits in ms: for replicas to acknowledge, for a reply, for the first connection; and the pause before settings that are
// too weak are read again.
const replicaTimeout = 2000
const replyTimeout = 6000
const startTimeout = 10_000
const recheckPause = 5000

/** Replies of a server that does not lead; Sentinel may know another one. Redis 6 puts some text before the code. */
const notLeading = /(^|-)(READONLY|LOADING|NOREPLICAS|MASTERDOWN|UNBLOCKED)\b/
/** Replies of a server that is full or busy. */
const overloaded = /(^|-)(OOM|MISCONF|BUSY)\b/
/** Errors that no retry can solve. */
const refusal = /WRONGPASS|NOAUTH|NOPERM|invalid password|self.signed|certificate|wrong version/i

export class RedisConnection {
  readonly #redis: Redis
  readonly #requirements: Requirements
  #problem: string | undefined = 'Redis is not connected yet'
  #lastError: Error | undefined
  /** Changes whenever a connection is made or ends. */
  #epoch = 0
  /** The result of the first check: true if the server can be used, otherwise why not. */
  #firstCheck = Promise.withResolvers<true | string>()

  /** Rejects if an operator has to change something. Resolves though the server is away; `problem` then says so. */
  static async open(config: RedisConfig): Promise<RedisConnection> {
    const connection = new RedisConnection(config)
    const timer = setTimeout(() => connection.#firstCheck.resolve(true), startTimeout)
    const result = await connection.#firstCheck.promise
    clearTimeout(timer)
    if (result === true) return connection
    await connection.close()
    throw new Error(result)
  }

  private constructor({ server, replicas, accepted = 'nothing' }: RedisConfig) {
    const { sentinel, options } = server
    this.#requirements = { sentinel, accepted, replicas: replicas ?? (sentinel ? 1 : 0) }
    this.#redis = new Redis({
      ...options,
      // A WAIT that is sent again would answer for a connection that wrote nothing.
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      // Rejects pending commands when the connection ends; without it ioredis never settles them.
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
    if (refusal.test(error.message))
      this.#firstCheck.resolve(`Redis refuses the connection: ${error.message}`)
  }

  async #check(): Promise<void> {
    const epoch = ++this.#epoch
    try {
      const problem = await checkServer(this.#redis, this.#requirements)
      if (epoch !== this.#epoch) return
      this.#problem = problem
      this.#lastError = undefined
      this.#firstCheck.resolve(problem ?? true)
      if (problem) setTimeout(() => this.#reconnect(epoch), recheckPause).unref()
    } catch (error) {
      this.#failed(error as Error)
      this.#reconnect(epoch)
    }
  }

  /** No effect if the connection of that epoch has ended already. */
  #reconnect(epoch: number): void {
    if (epoch !== this.#epoch) return
    this.#problem ??= 'Redis is reconnecting'
    this.#redis.disconnect(true)
  }

  /** Why Redis cannot be used now. */
  problem(): string | undefined {
    return this.#problem
  }

  /** Runs commands that only read, or whose writes may be lost. */
  async ask<Result>(commands: (redis: Redis) => Promise<Result>): Promise<Result> {
    if (this.#problem !== undefined) throw new RetryLater(this.#problem)
    const epoch = this.#epoch
    try {
      return await commands(this.#redis)
    } catch (error) {
      throw this.#toTaskError(error as Error, epoch)
    }
  }

  /**
   * Runs commands and resolves once enough replicas have their writes. Otherwise RetryLater, and the writes may or may not have
   * happened. The commands must write in any case, so that WAIT also covers the values they read.
   */
  async write<Result>(commands: (redis: Redis) => Promise<Result>): Promise<Result> {
    const { replicas } = this.#requirements
    const epoch = this.#epoch
    const [result, acknowledged] = await this.ask((redis) =>
      // Sent together, WAIT last. Inside a script or a transaction WAIT would not wait.
      Promise.all([commands(redis), replicas === 0 ? 0 : redis.wait(replicas, replicaTimeout)]),
    )
    if (epoch !== this.#epoch)
      throw new RetryLater('The connection to Redis ended between a write and its WAIT')
    if (acknowledged >= replicas) return result
    // The server may no longer lead: a new connection asks Sentinel.
    this.#reconnect(epoch)
    throw new RetryLater(
      `Expected ${replicas} Redis replicas to have a write, found ${acknowledged}`,
    )
  }

  #toTaskError(error: Error, epoch: number): Error {
    const isTemporary = notLeading.test(error.message) || overloaded.test(error.message)
    // Any other error reply is a fault of a script: it would fail again.
    if (error.name === 'ReplyError' && !isTemporary) return error
    // The server may be frozen, and Sentinel may know another one.
    if (error.message === 'Command timed out') this.#reconnect(epoch)
    return new RetryLater(`Redis: ${error.message}`, { cause: error })
  }

  async close(): Promise<void> {
    this.#problem = 'The connection to Redis is closed'
    const { status } = this.#redis
    if (status === 'end') return
    const ended = new Promise((resolve) => this.#redis.once('end', resolve))
    this.#redis.disconnect()
    // Between two attempts to connect there is no connection whose end ioredis would report.
    if (status !== 'reconnecting') await ended
  }
}
