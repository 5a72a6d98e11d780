// Stores submissions of forms with a limit, each of which needs a place.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { LogUnavailable, TooLarge } from '#kafka/log/port.ts'
import { Outage } from '#kit/outage.ts'
import { full, uncounted } from '../refusals.ts'
import type { ProtectSettings } from '../settings.ts'
import type { Holder, Places } from './port.ts'

/** Milliseconds for an answer of Redis. */
const deadline = 2000
/** Milliseconds, less than the 10 s that fastify waits for everything that starts. */
const startDeadline = 3000

interface Options {
  settings: ProtectSettings
  dataDir: string | undefined
  logger: Logger
}

export class LimitedForms {
  #options: Options
  #outage: Outage
  #places: Promise<Places> | undefined

  constructor(options: Options) {
    this.#options = options
    this.#outage = new Outage(options.logger, {
      failing: 'submissions to forms with a limit cannot be counted',
      working: 'they are counted again',
    })
  }

  /** Rejects if an operator has to change something. A Redis that is away is waited for only a moment, and used when it is back. */
  async start(): Promise<void> {
    await Promise.race([this.open(), delay(startDeadline, undefined, { ref: false })])
  }

  /** Opens the file or Redis at the first call. Rejects if an operator has to change something. */
  open(): Promise<Places> {
    this.#places ??= openPlaces(this.#options).catch((error) => {
      this.#places = undefined
      throw error
    })
    return this.#places
  }

  /** Throws a 403 without a place, and a 503 if nobody can tell. */
  async store(holder: Holder, limit: number, store: () => Promise<void>): Promise<void> {
    const hasPlace = await this.#ask((places) => places.take(holder, limit))
    if (!hasPlace) throw full(limit)
    try {
      await store()
    } catch (error) {
      // A place of a submission that may be stored stays taken, so that the form never has more than its limit.
      if (isCertainlyNotStored(error)) await this.#giveBack(holder)
      throw error
    }
  }

  isFull(form: string, limit: number): Promise<boolean> {
    return this.#ask((places) => places.isFull(form, limit))
  }

  /** If it fails, the place stays taken. */
  async #giveBack(holder: Holder): Promise<void> {
    await this.#ask((places) => places.giveBack(holder)).catch(() => {})
  }

  async #ask<Answer>(question: (places: Places) => Promise<Answer>): Promise<Answer> {
    const late = Promise.withResolvers<never>()
    const timeout = new Error(`Expected an answer in ${deadline} ms`)
    const timer = setTimeout(() => late.reject(timeout), deadline)
    try {
      const answer = await Promise.race([this.open().then(question), late.promise])
      this.#outage.worked()
      return answer
    } catch (error) {
      this.#outage.failed('error', error, {})
      throw uncounted()
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    const places = await this.#places?.catch(() => undefined)
    await places?.close()
  }
}

const isCertainlyNotStored = (error: unknown): boolean =>
  error instanceof TooLarge || (error instanceof LogUnavailable && !error.begun)

async function openPlaces({ settings, dataDir }: Options): Promise<Places> {
  const { REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS: accepted } = settings
  if (server) {
    const { RedisPlaces } = await import('./redis.ts')
    return RedisPlaces.open({ server, accepted, ...(replicas !== undefined && { replicas }) })
  }
  if (dataDir === undefined) throw new Error('Expected REDIS_URL, found nothing')
  const { SqlitePlaces } = await import('./sqlite.ts')
  return new SqlitePlaces(join(dataDir, 'places.sqlite'))
}
