// Reads a topic for a consumer group on Kafka.
import type { Admin, Kafka } from 'kafkajs'
import { expectNextRecord } from '../expect-next-record.ts'
import type { Bounds, Consumer, SkippedRecord } from '../port.ts'
import { KafkaDispatcher } from './dispatcher.ts'
import { GroupMembership, type GroupSubscription } from './group-membership.ts'
import { boundsOf, type Position, positionsOf } from './offsets.ts'

const commitEvery = 1000

export class KafkaConsumer implements Consumer {
  #admin: Admin
  #subscription: GroupSubscription
  #dispatcher: KafkaDispatcher
  #membership: GroupMembership
  #closed: Promise<void> | undefined
  #commits: NodeJS.Timeout | undefined

  constructor(kafka: Kafka, admin: Admin, subscription: GroupSubscription) {
    this.#admin = admin
    this.#subscription = subscription
    this.#dispatcher = new KafkaDispatcher(subscription)
    this.#membership = new GroupMembership({
      kafka,
      subscription,
      dispatcher: this.#dispatcher,
      describePosition: () => this.#describePosition(),
    })
  }

  /** Resolves when it has joined its group or was closed. If it cannot join, rejects unless there is an `onProblem`. */
  async start(): Promise<void> {
    this.#commits = setInterval(() => void this.#membership.commit(), commitEvery)
    const problem = await this.#membership.start()
    if (problem === undefined || this.#subscription.onProblem) return
    await this.close()
    throw new Error(problem)
  }

  #positions(): Promise<Position[]> {
    return positionsOf(this.#admin, this.#subscription, (partition) =>
      this.#dispatcher.committable(partition),
    )
  }

  /** Tells operators which record `npm run events -- skip` would skip. */
  async #describePosition(): Promise<string> {
    const positions = await this.#positions().catch(() => [])
    const open = positions.filter(({ offset, end }) => offset < end)
    const next = open.map(({ partition, offset }) => `partition ${partition} offset ${offset}`)
    return next.length === 0 ? '' : `; the next records are ${next.join(', ')}`
  }

  async lag(): Promise<number> {
    const positions = await this.#positions()
    return positions.reduce((sum, { offset, end }) => sum + end - offset, 0)
  }

  /** Knows only of records that this member received. */
  async oldest(): Promise<number | undefined> {
    return this.#dispatcher.oldest
  }

  bounds(): Promise<Bounds[]> {
    return boundsOf(this.#admin, this.#subscription.topic)
  }

  async #expectNext(partition: number, offset: number): Promise<void> {
    const position = (await this.#positions()).find((one) => one.partition === partition)
    expectNextRecord(position, { topic: this.#subscription.topic, partition, offset })
  }

  async skip({ partition, offset, keep }: SkippedRecord): Promise<void> {
    const { topic, groupId } = this.#subscription
    await this.#expectNext(partition, offset)
    await keep()
    // Reading may have continued meanwhile.
    await this.#expectNext(partition, offset)
    const next = offset + 1
    const { session } = this.#membership
    if (session) {
      await session.commit(new Map([[partition, next]]))
      session.seek(partition, next)
      return
    }
    const partitions = [{ partition, offset: String(next) }]
    await this.#admin.setOffsets({ groupId, topic, partitions })
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#membership.stop()
    clearInterval(this.#commits)
    await this.#dispatcher.close()
    await this.#membership.commit()
    await this.#membership.leave()
    const { group, groupId } = this.#subscription
    if (group) return
    const warn = ({ name, message }: Error) => process.emitWarning(message, name)
    await this.#admin.deleteGroups([groupId]).catch(warn)
  }
}
