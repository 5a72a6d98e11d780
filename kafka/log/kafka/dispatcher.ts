// Hands out the records of the partitions that a member has, and knows what may be committed: what is settled without a gap.
// A log is read in its order, so what makes the forms take turns is a window of records in memory.
import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import { formOf } from '../../binary-mode.ts'
import { Settled } from '../committable-offset.ts'
import { Shares } from '../fair-shares.ts'
import { Turns } from '../form-turns.ts'
import type { LogRecord, Subscription } from '../port.ts'
import { toPosted } from './convert-record.ts'
import { heartbeatEvery, type Member } from './group-session.ts'

/** One record that stays open must not let the others run on without end: a crash hands all of them out again. */
const maxSpan = 100_000
/** Of the window: records that wait for their form's turn. */
const maxWaiting = 10_000
const maxBytes = 64 * 2 ** 20

interface Waiting {
  record: LogRecord
  settled: Settled
  bytes: number
}

export class HandOut {
  #subscription: Subscription
  /** For each partition that the member has now. */
  #settled = new Map<number, Settled>()
  #committed = new Map<number, number>()
  #turns = new Turns<Waiting>()
  #bytes = 0
  #open: Shares
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: (() => void)[] = []

  constructor(subscription: Subscription) {
    this.#subscription = subscription
    this.#open = new Shares(2 * subscription.inFlight)
  }

  /** What a member was handed before belongs to whoever has the partitions now. */
  begin(): void {
    this.#settled = new Map()
    this.#committed = new Map()
    this.#turns = new Turns()
    this.#bytes = 0
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
    const until = async (may: () => boolean) => {
      while (!may() && !over()) {
        await this.#room()
        await heartbeat()
      }
    }
    for (const message of batch.messages) {
      if (over()) return
      const settled = ours.get(partition) ?? new Settled(Number(message.offset))
      ours.set(partition, settled)
      if (!this.#takes(settled)) await until(() => this.#takes(settled))
      if (over() || isStale()) return
      this.#take(partition, message, settled)
      resolveOffset(message.offset)
    }
    // Who watches is told of what was handed out, not of what waits.
    await until(() => this.#isGroup || this.#turns.size === 0)
    if (over()) return
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

  get #isGroup(): boolean {
    return this.#subscription.group !== undefined
  }

  #takes(settled: Settled): boolean {
    if (!this.#isGroup) return this.#turns.size === 0
    return this.#turns.size < maxWaiting && this.#bytes < maxBytes && settled.span < maxSpan
  }

  /** Resolves when a record is settled, or when it is time for a heartbeat. */
  async #room(): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake.push(woken.resolve)
    const timer = setTimeout(woken.resolve, heartbeatEvery)
    await woken.promise
    clearTimeout(timer)
  }

  #take(partition: number, message: KafkaMessage, settled: Settled): void {
    const { topic } = this.#subscription
    const offset = Number(message.offset)
    const { key, value, headers, timestamp } = message
    const received = { topic, partition, offset: message.offset, timestamp, key, value, headers }
    const record = { topic, partition, offset, ...toPosted(received) }
    settled.handOut(offset, Number(timestamp))
    const bytes = value?.length ?? 0
    this.#bytes += bytes
    // Who watches gets the records in the order of the log.
    this.#turns.add(this.#isGroup ? formOf(record) : '', { record, settled, bytes })
    this.#handleNext()
  }

  #handleNext(): void {
    while (!this.#closing) {
      const next = this.#turns.next((form) => this.#open.room(form) > 0)
      if (!next) return
      this.#handle(next.form, next.item)
    }
  }

  #handle(form: string, { record, settled, bytes }: Waiting): void {
    this.#bytes -= bytes
    this.#open.take(form)
    const handled = this.#subscription.handle(record).then(
      () => settled.settle(record.offset),
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      this.#active.delete(handled)
      this.#open.giveBack(form)
      this.#handleNext()
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  async commit(member: Member): Promise<void> {
    const moved = [...this.#settled]
      .map(([partition, settled]) => [partition, settled.committable] as const)
      .filter(([partition, offset]) => this.#committed.get(partition) !== offset)
    if (!this.#isGroup || moved.length === 0) return
    await member.commit(new Map(moved))
    for (const [partition, offset] of moved) this.#committed.set(partition, offset)
  }

  /** The next offset of the partition; undefined where this member was handed nothing of it. */
  next(partition: number): number | undefined {
    return this.#settled.get(partition)?.committable
  }

  /** When the oldest record that was handed out and is open was written. */
  get oldest(): number | undefined {
    const times = [...this.#settled.values()].flatMap(({ oldest }) => oldest ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Hands out nothing more. Resolves when nothing is in flight. */
  async close(): Promise<void> {
    this.#closing = true
    for (const wake of this.#wake.splice(0)) wake()
    await Promise.all(this.#active)
  }
}
