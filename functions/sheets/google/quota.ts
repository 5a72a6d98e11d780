// Keeps all calls to Google within its quota, shared with the other instances, and makes them pause where Google says so.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import type { Buffer } from '../buffer/port.ts'

export type Kind = 'read' | 'write'

/** Milliseconds; the truncated exponential backoff that Google asks for. */
const firstPause = 1000
const longestPause = 64_000

export class Governor {
  #take: Buffer['take']
  #perMinute: number
  #reserved = new AsyncLocalStorage<Record<Kind, number>>()
  #refusals = 0
  #pausedUntil = 0
  #closing = new AbortController()

  /** `perMinute`: reads, and as many writes. */
  constructor(take: Buffer['take'], perMinute: number) {
    this.#take = take
    this.#perMinute = perMinute
  }

  /** Waits until one read and one write fit, then works: what is collected only then goes in as few calls as the quota asks. */
  async reserve<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#permit('read')
    await this.#permit('write')
    return this.#reserved.run({ read: 1, write: 1 }, work)
  }

  /** Calls when the quota has room. `call` resolves with Google's status, also where that is an error. */
  async call<Answer extends { status: number }>(
    kind: Kind,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    const reserved = this.#reserved.getStore()
    if (reserved && reserved[kind] > 0) reserved[kind] -= 1
    else await this.#permit(kind)
    const answer = await call()
    if (answer.status === 429) this.#pause()
    else this.#refusals = 0
    return answer
  }

  async #permit(kind: Kind): Promise<void> {
    for (;;) {
      const paused = this.#pausedUntil - performance.now()
      const wait = paused > 0 ? paused : await this.#take(kind, this.#perMinute)
      if (wait <= 0) return
      const { signal } = this.#closing
      await delay(jittered(Math.min(wait, longestPause)), undefined, { signal }).catch(() => {})
      if (signal.aborted) throw new RetryLater('It ends before the quota has room')
    }
  }

  /** From now on a call that does not fit at once is given up. */
  close(): void {
    this.#closing.abort()
  }

  #pause(): void {
    const pause = Math.min(longestPause, firstPause * 2 ** this.#refusals)
    this.#refusals += 1
    this.#pausedUntil = performance.now() + jittered(pause)
  }
}

/** So that instances that were refused together do not come back together. Never shorter. */
const jittered = (ms: number): number => ms * (1 + Math.random() / 4)
