// How far a group has come with the records of one form: of each partition what is read next, and what of the rest is open.

import { Settled } from '../committable-offset.ts'
import type { LogRecord } from '../port.ts'

interface Reach {
  settled: Settled
  /** Offset of the record that is read next, or one before it. */
  next: number
  /** Behind the last record that was handed out. */
  reached: number
  /** What is stored of it. */
  stored: number
}

export class FormReading {
  readonly form: string
  /** It may have records that were not read. */
  more = false
  /** Handed out and not settled. */
  open = 0
  /** The partition that is read first: each in its turn. */
  first = 0
  #reaches: Reach[]

  /** `starts`: all of the form below them is settled. */
  constructor(form: string, starts: number[]) {
    this.form = form
    this.#reaches = starts.map((next) => ({
      settled: new Settled(next),
      next,
      reached: 0,
      stored: 0,
    }))
  }

  /** In this partition it was further than where the reading starts. */
  restore(partition: number, offset: number): void {
    this.pass(partition, offset)
    Object.assign(this.#reach(partition), { reached: offset, stored: offset })
  }

  #reach(partition: number): Reach {
    return this.#reaches[partition] as Reach
  }

  get next(): number[] {
    return this.#reaches.map(({ next }) => next)
  }

  /** The most records in a partition since the first that is open. */
  get span(): number {
    return Math.max(...this.#reaches.map(({ settled }) => settled.span))
  }

  handOut({ partition, offset }: LogRecord): void {
    const reach = this.#reach(partition)
    reach.settled.handOut(offset)
    reach.reached = offset + 1
    this.open += 1
  }

  settle({ partition, offset }: LogRecord): void {
    this.#reach(partition).settled.settle(offset)
  }

  /** There is nothing to read below `next`. */
  pass(partition: number, next: number): void {
    const reach = this.#reach(partition)
    reach.settled.pass(next)
    reach.next = Math.max(reach.next, next)
  }

  /** All of the form below it is settled. */
  committable(partition: number): number {
    return this.#reach(partition).settled.committable
  }

  /** How far it is ahead of what the group commits in the partition, where that has changed. */
  toStore(partition: number, committed: number): number | undefined {
    const reach = this.#reach(partition)
    const offset = Math.min(reach.settled.committable, reach.reached)
    return offset > committed && offset !== reach.stored ? offset : undefined
  }

  stored(partition: number, offset: number): void {
    this.#reach(partition).stored = offset
  }

  /** Nothing is open or to be read, and what the group commits says all of it. */
  isOver(committed: number[]): boolean {
    const said = this.#reaches.every(
      ({ reached }, partition) => reached <= (committed[partition] as number),
    )
    return said && !this.more && this.open === 0
  }
}
