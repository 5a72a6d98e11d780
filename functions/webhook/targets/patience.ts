// Limits how many events wait for targets that fail: each of them occupies a place of the task that events of other forms need.
import { setTimeout as delay } from 'node:timers/promises'
import { rules } from '#kit/delivery-rules.ts'
import { Rejected, RetryLater } from '#kit/errors.ts'

/** Events that wait for all targets together: half of those that a source has open at a time. */
const maxWaiting = rules.open
/** Further ones, up to `fewWaiting` for each target: else a target that fails would take even short outages from the others. */
const reserve = rules.open / 2
/** Events that wait for one target after the patience with it is over. */
const fewWaiting = rules.inFlight / 4
/** Attempts at a time with a target that fails. One that hangs would occupy all deliveries in flight. */
const maxAttempts = 8
/** ms between two trials: attempts with an event that may not wait, by which a target that works again is noticed. */
const trialPause = 1000
/** Events that stay in the task until the next trial has ended: more than a replay sends at a time. The others fail at once. */
const maxJoined = 25
/** ms. The longest pause between two retries is 200 s: an event that stayed away longer was given up or went to another process. */
const expiry = 1.5 * rules.retries * rules.delay

interface Failing {
  /** ms since 1970. */
  since: number
  problem: string
  attempts: number
  /** The trial that is under way, and when the last one began, in ms since 1970. */
  trial: Promise<void> | undefined
  triedAt: number
  joined: number
}

interface Waiting {
  lastSeen: number
  targets: Set<string>
}

export class Patience {
  readonly #patience: number
  #failing = new Map<string, Failing>()
  /** By event, the longest waiting first. */
  #waiting = new Map<string, Waiting>()

  /** `patience`: ms for which all events may wait for a target that fails, as far as `maxWaiting` allows. */
  constructor(patience: number) {
    this.#patience = patience
  }

  /**
   * Runs the attempt, which calls `worked` or `failed`, if the target may be tried now. Otherwise throws `RetryLater` or `Rejected`,
   * at once or after the next trial failed.
   */
  async run<Result>(
    target: string,
    event: string,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    const failing = this.#failing.get(target)
    if (!failing) return attempt()
    if (this.#mayWait(target, event, Date.now())) {
      if (failing.attempts >= maxAttempts) throw this.failed(target, { event, ...failing })
      failing.attempts++
      return attempt().finally(() => failing.attempts--)
    }
    const endTrial = await this.#beginTrial(failing)
    if (endTrial) return attempt().finally(endTrial)
    if (this.#failing.get(target) === failing) throw this.failed(target, { event, ...failing })
    return attempt()
  }

  /** The function that ends the trial; undefined once the trial of another event has ended, or at once if there is no room. */
  async #beginTrial(failing: Failing): Promise<(() => void) | undefined> {
    if (failing.joined >= maxJoined) return undefined
    failing.joined++
    try {
      const pause = failing.triedAt + trialPause - Date.now()
      if (!failing.trial && pause > 0) await delay(pause)
      if (failing.trial) return void (await failing.trial)
      const trial = Promise.withResolvers<void>()
      failing.trial = trial.promise
      failing.triedAt = Date.now()
      return () => {
        failing.trial = undefined
        trial.resolve()
      }
    } finally {
      failing.joined--
    }
  }

  worked(target: string, event: string): void {
    this.#failing.delete(target)
    this.#leave(target, event)
  }

  /** Returns the error for the event: `RetryLater` if it may wait, else `Rejected`. `problem`: completes "… failed: …". */
  failed(target: string, { event, problem }: { event: string; problem: string }, now = Date.now()) {
    const known = this.#failing.get(target)
    const failing = known ?? newFailing(now, problem)
    failing.problem = problem
    this.#failing.set(target, failing)
    if (this.#mayWait(target, event, now)) {
      const waiting = this.#waiting.get(event) ?? { lastSeen: now, targets: new Set() }
      waiting.lastSeen = now
      waiting.targets.add(target)
      this.#waiting.set(event, waiting)
      return new RetryLater(problem)
    }
    this.#leave(target, event)
    const since = new Date(failing.since).toISOString()
    return new Rejected(
      `${problem}; it fails since ${since}, and too many events wait: replay this one once it works`,
    )
  }

  /** Call it when the event is done with, or becomes a dead letter. */
  forget(event: string): void {
    this.#waiting.delete(event)
  }

  /** How many events wait, by target. */
  waiting(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { targets } of this.#waiting.values()) {
      for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1)
    }
    return counts
  }

  /** Remarks for operators, by target. */
  notes(): Record<string, string> {
    const notes = [...this.#failing].map(([target, { problem, since }]) => [
      `webhook ${target}`,
      `fails since ${new Date(since).toISOString()}: ${problem}`,
    ])
    return Object.fromEntries(notes)
  }

  #mayWait(target: string, event: string, now: number): boolean {
    this.#expire(now)
    const { since = now } = this.#failing.get(target) ?? {}
    if (now - since < this.#patience) {
      if (this.#waiting.has(event) || this.#waiting.size < maxWaiting) return true
      const isFull = this.#waiting.size >= maxWaiting + reserve
      return !isFull && this.#firstFew(target).length < fewWaiting
    }
    return this.#firstFew(target).includes(event)
  }

  /** The events that have waited longest for the target. */
  #firstFew(target: string): string[] {
    const first: string[] = []
    for (const [event, { targets }] of this.#waiting) {
      if (targets.has(target)) first.push(event)
      if (first.length === fewWaiting) break
    }
    return first
  }

  #leave(target: string, event: string): void {
    const waiting = this.#waiting.get(event)
    waiting?.targets.delete(target)
    if (waiting?.targets.size === 0) this.#waiting.delete(event)
  }

  #expire(now: number): void {
    for (const [event, { lastSeen }] of this.#waiting) {
      if (now - lastSeen > expiry) this.#waiting.delete(event)
    }
  }
}

const newFailing = (since: number, problem: string): Failing => ({
  ...{ since, problem, attempts: 0 },
  ...{ trial: undefined, triedAt: 0, joined: 0 },
})
