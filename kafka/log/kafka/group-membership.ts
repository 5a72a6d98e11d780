// Keeps a consumer in its group: joins, rejoins whenever a session ends, and reports why it cannot.
import { setTimeout as delay } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import type { Subscription } from '../port.ts'
import type { KafkaDispatcher } from './dispatcher.ts'
import { GroupSession } from './group-session.ts'
import { describeReadError, isTransient } from './read-error.ts'

export interface GroupSubscription extends Subscription {
  groupId: string
  /** Called before each attempt to join; rejects with the reason not to. */
  prepare: () => Promise<void>
}

interface Parts {
  kafka: Kafka
  subscription: GroupSubscription
  dispatcher: KafkaDispatcher
  /** Where the group continues, to be added to a reported problem. */
  describePosition: () => Promise<string>
}

/** Milliseconds before rejoining. */
const rejoinAfter = 1000
/** Milliseconds until a transient problem is reported. A rebalance takes less, unless a member was killed. */
const joinTimeout = 9000

export class GroupMembership {
  #parts: Parts
  /** Set while it has joined. */
  #session: GroupSession | undefined
  #leave: () => void = () => {}
  #tryingSince = performance.now()
  #stopping = new AbortController()
  #running: Promise<void> | undefined
  #firstOutcome = Promise.withResolvers<string | undefined>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves with undefined once it has joined, or is stopped before; or with the first reason why it cannot join. */
  start(): Promise<string | undefined> {
    this.#running = this.#stayJoined()
    return this.#firstOutcome.promise
  }

  /** Undefined while it is not joined. */
  get session(): GroupSession | undefined {
    return this.#session
  }

  /** Call it before `leave`: from now on it does not rejoin. */
  stop(): void {
    this.#stopping.abort()
    this.#firstOutcome.resolve(undefined)
  }

  async leave(): Promise<void> {
    this.#leave()
    await this.#running
  }

  async commit(): Promise<void> {
    if (this.#session) await this.#parts.dispatcher.commit(this.#session).catch(warn)
  }

  async #stayJoined(): Promise<void> {
    const { subscription, describePosition } = this.#parts
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const error = await this.#join().catch((thrown: Error) => thrown)
      if (this.#session) this.#tryingSince = performance.now()
      this.#session = undefined
      if (signal.aborted) return
      const mayPass = error && isTransient(error) && this.#timeLeft() > 0
      if (error && !mayPass) {
        this.#report(describeReadError(error, subscription) + (await describePosition()))
      }
      await delay(rejoinAfter, undefined, { signal }).catch(() => {})
    }
  }

  #report(problem?: string): void {
    this.#firstOutcome.resolve(problem)
    this.#parts.subscription.onProblem?.(problem)
  }

  #timeLeft(): number {
    return joinTimeout - (performance.now() - this.#tryingSince)
  }

  /** Resolves when the session ends, with the reason. */
  async #join(): Promise<Error | undefined> {
    const { kafka, subscription, dispatcher } = this.#parts
    const timer = this.#reportLate()
    const session = new GroupSession(kafka, subscription, {
      joined: () => {
        clearTimeout(timer)
        this.#session = session
        dispatcher.begin()
        this.#report()
      },
      // Records that are handled by now are not delivered again, here or to another member.
      rebalancing: () => this.commit(),
      eachBatch: (payload) => dispatcher.batch(payload),
      emptyBatch: (partition, lastOffset) => dispatcher.pass(partition, lastOffset),
    })
    this.#leave = () => session.leave()
    try {
      await subscription.prepare()
      return this.#stopping.signal.aborted ? undefined : await session.run()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Reports that joining takes too long. Only once: later attempts report their own errors. */
  #reportLate(): NodeJS.Timeout | undefined {
    if (this.#timeLeft() <= 0) return undefined
    const { subscription } = this.#parts
    const { groupId } = subscription
    const error = new Error(`no answer from the group ${groupId} in ${joinTimeout / 1000} s`)
    return setTimeout(() => this.#report(describeReadError(error, subscription)), this.#timeLeft())
  }
}

const warn = ({ name, message }: Error): void => process.emitWarning(message, name)
