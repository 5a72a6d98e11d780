// Hands out the records of the partitions that a member has, and knows what may be committed: what is settled without a gap.
import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import { heartbeatEvery, type Member } from './kafka-member.ts'
import { toPosted } from './kafka-record.ts'
import type { Subscription } from './log.ts'
import { Settled } from './settled.ts'

/** One record that stays open must not let the others run on without end: a crash hands all of them out again. */
const maxSpan = 100_000

export class HandOut {
  #subscription: Subscription
  /** For each partition that the member has now. */
  #settled = new Map<number, Settled>()
  #committed = new Map<number, number>()
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: (() => void)[] = []

  constructor(subscription: Subscription) {
    this.#subscription = subscription
  }

  /** What a member was handed before belongs to whoever has the partitions now. */
  begin(): void {
    this.#settled = new Map()
    this.#committed = new Map()
  }

  async batch({
    batch,
    resolveOffset,
    heartbeat,
    isRunning,
    isStale,
  }: EachBatchPayload): Promise<void> {
    const { partition } = batch
    const ours = this.#settled
    // A batch that waited for room while the member joined again would count from its middle: what is open before would be lost.
    const over = () => !isRunning() || this.#closing || this.#settled !== ours
    for (const message of batch.messages) {
      const offset = Number(message.offset)
      if (over()) return
      const settled = ours.get(partition) ?? new Settled(offset)
      ours.set(partition, settled)
      while (this.#full(settled) && !over()) {
        await this.#room()
        await heartbeat()
      }
      if (over() || isStale()) return
      settled.handOut(offset)
      this.#handle(partition, message, settled)
      resolveOffset(message.offset)
    }
    this.pass(partition, batch.lastOffset())
    await heartbeat()
  }

  /** Up to the last offset of a batch, which may be a marker's. */
  pass(partition: number, lastOffset: string): void {
    const next = Number(lastOffset) + 1
    const settled = this.#settled.get(partition) ?? new Settled(next)
    this.#settled.set(partition, settled)
    settled.pass(next)
    this.#subscription.passed?.(partition, next)
  }

  #full(settled: Settled): boolean {
    return this.#active.size >= this.#subscription.inFlight || settled.span >= maxSpan
  }

  /** Resolves when a record is settled, or when it is time for a heartbeat. */
  async #room(): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake.push(woken.resolve)
    const timer = setTimeout(woken.resolve, heartbeatEvery)
    await woken.promise
    clearTimeout(timer)
  }

  #handle(partition: number, message: KafkaMessage, settled: Settled): void {
    const { topic, handle } = this.#subscription
    const offset = Number(message.offset)
    const { key, value, headers, timestamp } = message
    const received = { topic, partition, offset: message.offset, timestamp, key, value, headers }
    const handled = handle({ topic, partition, offset, ...toPosted(received) }).then(
      () => settled.settle(offset),
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      this.#active.delete(handled)
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  async commit(member: Member): Promise<void> {
    const moved = [...this.#settled]
      .map(([partition, settled]) => [partition, settled.committable] as const)
      .filter(([partition, offset]) => this.#committed.get(partition) !== offset)
    if (!this.#subscription.group || moved.length === 0) return
    await member.commit(new Map(moved))
    for (const [partition, offset] of moved) this.#committed.set(partition, offset)
  }

  /** The next offset of the partition; undefined where this member was handed nothing of it. */
  next(partition: number): number | undefined {
    return this.#settled.get(partition)?.committable
  }

  /** Hands out nothing more. Resolves when nothing is in flight. */
  async close(): Promise<void> {
    this.#closing = true
    for (const wake of this.#wake.splice(0)) wake()
    await Promise.all(this.#active)
  }
}
