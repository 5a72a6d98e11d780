// Passes the records that a group member fetches to the handler of its subscription, with the forms taking turns. Partitions are
// fetched in order, so forms can only take turns within a bounded window of records in memory.
import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import { formOf } from '../../binary-mode.ts'
import type { CommittableOffset } from '../committable-offset.ts'
import { FairShares } from '../fair-shares.ts'
import type { Subscription } from '../port.ts'
import { toHttpMessage } from './convert-record.ts'
import { type GroupSession, heartbeatEvery } from './group-session.ts'
import { PartitionOffsets } from './partition-offsets.ts'
import { type QueuedRecord, RecordQueue } from './record-queue.ts'

/** Limits how many records a crash can deliver again when one of them stays open. */
const maxSpan = 100_000

export class KafkaDispatcher {
  #subscription: Subscription
  #offsets = new PartitionOffsets()
  #queue = new RecordQueue()
  #slots: FairShares
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: (() => void)[] = []

  constructor(subscription: Subscription) {
    this.#subscription = subscription
    this.#slots = new FairShares(2 * subscription.inFlight)
  }

  /** Starts a session. Forgets the records of the one before: their partitions may now belong to another member. */
  begin(): void {
    this.#offsets = new PartitionOffsets()
    this.#queue = new RecordQueue()
  }

  /** Resolves when all records are queued and another batch may be fetched, or when the session ends. */
  async batch({
    batch,
    resolveOffset,
    heartbeat,
    isRunning,
    isStale,
  }: EachBatchPayload): Promise<void> {
    const { partition } = batch
    const offsets = this.#offsets
    // A batch of an ended session must stop: it would add offsets from its middle to the new session, which then could commit
    // past records that are still open.
    const isOver = () => !isRunning() || this.#closing || this.#offsets !== offsets
    const waitUntil = async (condition: () => boolean) => {
      while (!condition() && !isOver()) {
        await this.#change()
        await heartbeat()
      }
    }
    for (const message of batch.messages) {
      if (isOver()) return
      const committable = offsets.of(partition, Number(message.offset))
      if (!this.#hasRoom(committable)) await waitUntil(() => this.#hasRoom(committable))
      if (isOver() || isStale()) return
      this.#enqueue(partition, message, committable)
      resolveOffset(message.offset)
    }
    // Without a group, `passed` reports records that were dispatched, not those that are queued.
    await waitUntil(() => this.#isGroup || this.#queue.isEmpty)
    if (isOver()) return
    this.pass(partition, batch.lastOffset())
    await heartbeat()
  }

  /** Passes everything up to the last offset of a batch, which may be that of a transaction marker. */
  pass(partition: number, lastOffset: string): void {
    const next = Number(lastOffset) + 1
    this.#offsets.of(partition, next).advanceTo(next)
    this.#subscription.passed?.(partition, next)
  }

  get #isGroup(): boolean {
    return this.#subscription.group !== undefined
  }

  #hasRoom({ span }: CommittableOffset): boolean {
    return this.#isGroup ? !this.#queue.isFull && span < maxSpan : this.#queue.isEmpty
  }

  /** Resolves when a record is done, or when a heartbeat is due. */
  async #change(): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake.push(woken.resolve)
    const timer = setTimeout(woken.resolve, heartbeatEvery)
    await woken.promise
    clearTimeout(timer)
  }

  #enqueue(partition: number, message: KafkaMessage, committable: CommittableOffset): void {
    const { topic } = this.#subscription
    const offset = Number(message.offset)
    const record = { topic, partition, offset, ...toHttpMessage({ ...message, topic, partition }) }
    committable.dispatched(offset, Number(message.timestamp))
    const bytes = message.value?.length ?? 0
    // One queue for all forms keeps the order of the partition, for readers without a group.
    this.#queue.add(this.#isGroup ? formOf(record) : '', { record, committable, bytes })
    this.#dispatch()
  }

  #dispatch(): void {
    while (!this.#closing) {
      const next = this.#queue.next((form) => this.#slots.room(form) > 0)
      if (!next) return
      this.#handle(next.form, next.item)
    }
  }

  #handle(form: string, { record, committable }: QueuedRecord): void {
    this.#slots.take(form)
    const finished = this.#subscription.handle(record).then(
      () => committable.handled(record.offset),
      () => {}, // stays open: delivered again after a restart
    )
    this.#active.add(finished)
    finished.then(() => {
      this.#active.delete(finished)
      this.#slots.giveBack(form)
      this.#dispatch()
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  async commit(session: GroupSession): Promise<void> {
    const offsets = this.#offsets
    const changed = offsets.toCommit()
    if (!this.#isGroup || changed.size === 0) return
    await session.commit(changed)
    offsets.committed(changed)
  }

  /** All records of the partition below it are handled; undefined if this member got none of it. */
  committable(partition: number): number | undefined {
    return this.#offsets.committable(partition)
  }

  /** When the oldest record that this member has not handled was appended, in milliseconds since 1970. */
  get oldest(): number | undefined {
    return this.#offsets.oldest
  }

  /** Stops dispatching. Resolves when nothing is in flight. */
  async close(): Promise<void> {
    this.#closing = true
    for (const wake of this.#wake.splice(0)) wake()
    await Promise.all(this.#active)
  }
}
