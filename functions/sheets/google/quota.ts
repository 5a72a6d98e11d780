// Keeps calls to Google within the quota that all instances share, and pauses when Google answers 429.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'

export type CallKind = 'read' | 'write'

/** Counts one call and returns 0 if the last minute has room for it; otherwise returns the milliseconds to wait. */
export type TakeCall = (kind: CallKind, perMinute: number) => Promise<number>

// Milliseconds. Google asks for truncated exponential backoff.
const minPause = 1000
const maxPause = 64_000

export class Quota {
  #take: TakeCall
  #perMinute: number
  #reserved = new AsyncLocalStorage<Record<CallKind, number>>()
  /** Answers of 429 in a row. */
  #refusals = 0
  #pausedUntil = 0
  #closing = new AbortController()

  /** `perMinute`: the limit for reads, and the same for writes. */
  constructor(take: TakeCall, perMinute: number) {
    this.#take = take
    this.#perMinute = perMinute
  }

  /**
   * Runs `work` once there is room for one read and one write. `work` should collect its rows itself: those that arrive during the
   * wait then go into the same call.
   */
  async reserve<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#waitForRoom('read')
    await this.#waitForRoom('write')
    return this.#reserved.run({ read: 1, write: 1 }, work)
  }

  /** Calls once there is room. `call` must resolve with Google's status for error statuses, too. */
  async call<Answer extends { status: number }>(
    kind: CallKind,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    const reserved = this.#reserved.getStore()
    if (reserved && reserved[kind] > 0) reserved[kind] -= 1
    else await this.#waitForRoom(kind)
    const answer = await call()
    if (answer.status === 429) this.#pause()
    else this.#refusals = 0
    return answer
  }

  async #waitForRoom(kind: CallKind): Promise<void> {
    for (;;) {
      const paused = this.#pausedUntil - performance.now()
      const wait = paused > 0 ? paused : await this.#take(kind, this.#perMinute)
      if (wait <= 0) return
      const { signal } = this.#closing
      await delay(withJitter(Math.min(wait, maxPause)), undefined, { signal }).catch(() => {})
      if (signal.aborted) throw new RetryLater('Shutting down; quota not free')
    }
  }

  /** From now on a call without room is rejected instead of waiting. */
  close(): void {
    this.#closing.abort()
  }

  #pause(): void {
    const pause = Math.min(maxPause, minPause * 2 ** this.#refusals)
    this.#refusals += 1
    this.#pausedUntil = performance.now() + withJitter(pause)
  }
}

/** Up to a quarter longer, so that instances that were refused together do not all return together. */
const withJitter = (ms: number): number => ms * (1 + Math.random() / 4)
