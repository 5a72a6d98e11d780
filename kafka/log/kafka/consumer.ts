// Reads a topic for a consumer group on Kafka, and joins again whatever ended its membership.
import { setTimeout as delay } from 'node:timers/promises'
import type { Admin, Kafka } from 'kafkajs'
import { expectToStandAt } from '../expect-next-record.ts'
import type { Bounds, Consumer, Skipped, Subscription } from '../port.ts'
import { HandOut } from './dispatcher.ts'
import { Member } from './group-session.ts'
import { boundsOf, type Position, positionsOf } from './offsets.ts'
import { isPassing, reasonOf } from './read-error.ts'

interface Options extends Subscription {
  groupId: string
  /** Before each joining; its error says why not to join. */
  prepare: () => Promise<void>
}

const commitEvery = 1000
/** Between the end of a membership and the next one. */
const pause = 1000
/** Milliseconds until what may pass by itself is a problem. A rebalance takes less, unless a member was killed. */
const joinWithin = 9000

export class KafkaConsumer implements Consumer {
  #kafka: Kafka
  #admin: Admin
  #options: Options
  #handOut: HandOut
  /** While it has joined. */
  #member: Member | undefined
  #leave: () => void = () => {}
  /** When it began to try to join. */
  #since = performance.now()
  #closing = new AbortController()
  #running: Promise<void> | undefined
  #closed: Promise<void> | undefined
  #commits: NodeJS.Timeout | undefined
  /** Resolves once it has joined, or with why not. */
  #told = Promise.withResolvers<string | undefined>()

  constructor(kafka: Kafka, admin: Admin, options: Options) {
    this.#kafka = kafka
    this.#admin = admin
    this.#options = options
    this.#handOut = new HandOut(options)
  }

  /** Resolves when it has joined its group, or is closed before. Where it cannot: rejects with why, unless somebody listens to problems. */
  async start(): Promise<void> {
    this.#running = this.#stayJoined()
    this.#commits = setInterval(() => void this.#commit(), commitEvery)
    const problem = await this.#told.promise
    if (problem === undefined || this.#options.onProblem) return
    await this.close()
    throw new Error(problem)
  }

  #tell(problem?: string): void {
    this.#told.resolve(problem)
    this.#options.onProblem?.(problem)
  }

  async #stayJoined(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const error = await this.#join().catch((thrown: Error) => thrown)
      if (this.#member) this.#since = performance.now()
      this.#member = undefined
      if (signal.aborted) return
      const passing = error && isPassing(error) && this.#patience() > 0
      if (error && !passing) this.#tell(reasonOf(error, this.#options) + (await this.#where()))
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }

  #patience(): number {
    return joinWithin - (performance.now() - this.#since)
  }

  /** Resolves with why it is no member any more. */
  async #join(): Promise<Error | undefined> {
    const { groupId, topic, prepare } = this.#options
    const silence = new Error(`no answer from the group ${groupId} in ${joinWithin / 1000} s`)
    const tellSilence = () => this.#tell(reasonOf(silence, { topic, groupId }))
    // Once that was told, each try says itself what it met.
    const late = this.#patience() > 0 ? setTimeout(tellSilence, this.#patience()) : undefined
    const joined = () => {
      clearTimeout(late)
      this.#member = member
      this.#handOut.begin()
      this.#tell()
    }
    const member = new Member(this.#kafka, this.#options, {
      joined,
      // What is settled by then does not come again, here or elsewhere.
      rebalancing: () => this.#commit(),
      eachBatch: (payload) => this.#handOut.batch(payload),
      emptyBatch: (partition, lastOffset) => this.#handOut.pass(partition, lastOffset),
    })
    this.#leave = () => member.leave()
    try {
      await prepare()
      return this.#closing.signal.aborted ? undefined : await member.run()
    } finally {
      clearTimeout(late)
    }
  }

  async #commit(): Promise<void> {
    if (this.#member) await this.#handOut.commit(this.#member).catch(warn)
  }

  #positions(): Promise<Position[]> {
    return positionsOf(this.#admin, this.#options, (partition) => this.#handOut.next(partition))
  }

  /** Where reading stands, for who has to skip a record. */
  async #where(): Promise<string> {
    const positions = await this.#positions().catch(() => [])
    const open = positions.filter(({ offset, end }) => offset < end)
    const text = open.map(({ partition, offset }) => `partition ${partition} offset ${offset}`)
    return text.length === 0 ? '' : `; reading stands at ${text.join(', ')}`
  }

  async lag(): Promise<number> {
    const positions = await this.#positions()
    return positions.reduce((sum, { offset, end }) => sum + end - offset, 0)
  }

  /** Of what this member was handed. */
  async oldest(): Promise<number | undefined> {
    return this.#handOut.oldest
  }

  bounds(): Promise<Bounds[]> {
    return boundsOf(this.#admin, this.#options.topic)
  }

  async #expectToStandAt(partition: number, offset: number): Promise<void> {
    const position = (await this.#positions()).find((one) => one.partition === partition)
    expectToStandAt(position, { topic: this.#options.topic, partition, offset })
  }

  async skip({ partition, offset, keep }: Skipped): Promise<void> {
    const { topic, groupId } = this.#options
    await this.#expectToStandAt(partition, offset)
    await keep()
    await this.#expectToStandAt(partition, offset)
    const next = offset + 1
    if (this.#member) {
      await this.#member.commit(new Map([[partition, next]]))
      this.#member.seek(partition, next)
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
    this.#closing.abort()
    // Whoever still waits for it to join waits no more.
    this.#told.resolve(undefined)
    clearInterval(this.#commits)
    await this.#handOut.close()
    await this.#commit()
    this.#leave()
    await this.#running
    if (!this.#options.group) {
      await this.#admin.deleteGroups([this.#options.groupId]).catch(warn)
    }
  }
}

const warn = ({ name, message }: Error): void => process.emitWarning(message, name)
