// The counts of all instances, in Redis. A submission never waits for a server that is away or slow.
import { setTimeout as delay } from 'node:timers/promises'
import RedisStore from '@fastify/rate-limit/store/RedisStore.js'
import { Redis } from 'ioredis'
import type { RedisServer } from '#kit/redis/settings.ts'
import type { Count, Use } from './count.ts'

/** Milliseconds for one reply. */
const deadline = 50
/** Milliseconds without a further try after a failure. */
const pause = 1000

interface Observer {
  /** Called for each use that could not be counted here, except during a pause. */
  failed: (error: Error) => void
  worked: () => void
}

export class SharedCounts {
  #redis: Redis
  #store: RedisStore
  #observer: Observer
  #pausedUntil = Number.NEGATIVE_INFINITY

  /** Waits a moment for the connection, so that the first uses are counted here, too. */
  static async open(server: RedisServer, observer: Observer): Promise<SharedCounts> {
    const counts = new SharedCounts(server, observer)
    const ready = new Promise((resolve) => counts.#redis.once('ready', resolve))
    await Promise.race([ready, delay(deadline)])
    return counts
  }

  private constructor({ options }: RedisServer, observer: Observer) {
    this.#observer = observer
    this.#redis = new Redis({
      ...options,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: deadline,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
    })
    // Reported with the next use.
    this.#redis.on('error', () => {})
    this.#store = new RedisStore(false, false, this.#redis, 'formstream:rate:')
  }

  /** Undefined if it could not be counted. */
  async add({ key, rate }: Use): Promise<Count | undefined> {
    if (performance.now() < this.#pausedUntil) return undefined
    try {
      const count = await this.#increment({ key, rate })
      this.#observer.worked()
      return count
    } catch (error) {
      this.#pausedUntil = performance.now() + pause
      this.#observer.failed(error as Error)
      return undefined
    }
  }

  #increment({ key, rate }: Pick<Use, 'key' | 'rate'>): Promise<Count> {
    return new Promise((resolve, reject) => {
      this.#store.incr(
        key,
        (error, count) => (error ? reject(error) : resolve(count as Count)),
        rate.per,
        rate.max,
      )
    })
  }

  close(): void {
    this.#redis.disconnect()
  }
}
