// How far a group has come with all forms of a topic: which have something to read, and what of them it commits.

import type { LogRecord } from '../port.ts'
import { FormReading } from './form-progress.ts'
import type { Ahead, Commit } from './groups.ts'

interface Start {
  /** Of each partition; all below is settled. */
  positions: number[]
  ahead: Ahead[]
}

export class FormReadings {
  /** Of each partition: the records of all forms below it are known. */
  #known: number[]
  #committed: number[]
  /** Those with something to read, something open, or something that is not committed. */
  #forms = new Map<string, FormReading>()
  /** Those with something to read; the one that was read last is the last. */
  #waiting = new Set<FormReading>()
  #settled = 0

  constructor({ positions, ahead }: Start) {
    this.#known = [...positions]
    this.#committed = [...positions]
    for (const { partition, form, offset } of ahead) {
      this.#reading(form).restore(partition, offset)
    }
  }

  #reading(form: string): FormReading {
    const reading = this.#forms.get(form) ?? new FormReading(form, this.#known)
    this.#forms.set(form, reading)
    return reading
  }

  get known(): number[] {
    return this.#known
  }

  get waiting(): Iterable<FormReading> {
    return this.#waiting
  }

  /** Records that were settled or skipped since the start. */
  get settled(): number {
    return this.#settled
  }

  /** These forms have something new; the partitions end there. */
  look({ forms, ends }: { forms: string[]; ends: number[] }): void {
    for (const form of forms) {
      const reading = this.#reading(form)
      // What it had below was read.
      if (!reading.more) this.#known.map((known, partition) => reading.pass(partition, known))
      reading.more = true
      this.#waiting.add(reading)
    }
    this.#known = ends
  }

  /** The form was read up to these offsets. */
  advance(reading: FormReading, nexts: number[]): void {
    for (const [partition, next] of nexts.entries()) reading.pass(partition, next)
    reading.more = nexts.some((next, partition) => next < (this.#known[partition] as number))
    this.#waiting.delete(reading)
    if (reading.more) this.#waiting.add(reading)
  }

  settle(reading: FormReading, record: LogRecord): void {
    reading.settle(record)
    this.#settled += 1
  }

  /** Where the next record of the partition is to be read. */
  stands(partition: number): number {
    const nexts = [...this.#waiting].map(({ next }) => next[partition] as number)
    return Math.min(this.#known[partition] as number, ...nexts)
  }

  /** Passes the record at which reading stands. */
  skip(partition: number, offset: number): void {
    for (const reading of this.#waiting) reading.pass(partition, offset + 1)
    this.#settled += 1
  }

  /** Of each partition: all below is settled. */
  committable(): number[] {
    return this.#known.map((known, partition) => {
      const forms = [...this.#forms.values()]
      return forms.reduce((least, reading) => {
        if (!reading.more) reading.pass(partition, known)
        return Math.min(least, reading.committable(partition))
      }, known)
    })
  }

  /** What has changed since the last commit; undefined where nothing has. */
  toCommit(): Commit | undefined {
    const offsets = this.committable()
    const ahead = this.#ahead(offsets)
    const moved = offsets.some((offset, partition) => offset !== this.#committed[partition])
    return moved || ahead.length > 0 ? { offsets, ahead } : undefined
  }

  #ahead(committed: number[]): Ahead[] {
    return [...this.#forms.values()].flatMap((reading) =>
      committed.flatMap((least, partition) => {
        const offset = reading.toStore(partition, least)
        return offset === undefined ? [] : [{ form: reading.form, partition, offset }]
      }),
    )
  }

  /** The log has stored it. */
  committed({ offsets, ahead }: Commit): void {
    this.#committed = offsets
    for (const { form, partition, offset } of ahead) {
      this.#forms.get(form)?.stored(partition, offset)
    }
    for (const [form, reading] of this.#forms) {
      if (reading.isOver(offsets)) this.#forms.delete(form)
    }
  }
}
