// How far a group has come with all forms of a topic: which have records to read, and which offsets to commit.
import type { LogRecord } from '../port.ts'
import { FormProgress } from './form-progress.ts'
import type { Commit, FormOffset, GroupStart } from './groups.ts'

export class TopicProgress {
  /** Offset of each partition up to which it is known which forms have records. */
  #known: number[]
  #committed: number[]
  /** Forms with records to read, to handle or to commit. */
  #forms = new Map<string, FormProgress>()
  /** Forms with records to read; the one that was read last is at the end. */
  #waiting = new Set<FormProgress>()
  #handled = 0

  constructor({ positions, ahead }: Pick<GroupStart, 'positions' | 'ahead'>) {
    this.#known = [...positions]
    this.#committed = [...positions]
    for (const { partition, form, offset } of ahead) this.#form(form).restore(partition, offset)
  }

  #form(name: string): FormProgress {
    const form = this.#forms.get(name) ?? new FormProgress(name, this.#known)
    this.#forms.set(name, form)
    return form
  }

  get known(): number[] {
    return this.#known
  }

  get waiting(): Iterable<FormProgress> {
    return this.#waiting
  }

  /** Number of records handled or skipped since the start. */
  get handledCount(): number {
    return this.#handled
  }

  /** `forms`: those with records after `known`; `ends`: the ends of the partitions, which become `known`. */
  addNews({ forms, ends }: { forms: string[]; ends: number[] }): void {
    for (const name of forms) {
      const form = this.#form(name)
      // Its records up to `known` were all read.
      if (!form.hasMore) this.#known.map((known, partition) => form.advanceTo(partition, known))
      form.hasMore = true
      this.#waiting.add(form)
    }
    this.#known = ends
  }

  /** The form was read up to these offsets, one for each partition. */
  advance(form: FormProgress, nexts: number[]): void {
    for (const [partition, next] of nexts.entries()) form.advanceTo(partition, next)
    form.hasMore = nexts.some((next, partition) => next < (this.#known[partition] as number))
    this.#waiting.delete(form)
    if (form.hasMore) this.#waiting.add(form)
  }

  handled(form: FormProgress, record: LogRecord): void {
    form.handled(record)
    this.#handled += 1
  }

  /** The next offset to read in the partition. */
  next(partition: number): number {
    const nexts = [...this.#waiting].map(({ next }) => next[partition] as number)
    return Math.min(this.#known[partition] as number, ...nexts)
  }

  /** Skips the next record of the partition, which has this offset. */
  skip(partition: number, offset: number): void {
    for (const form of this.#waiting) form.advanceTo(partition, offset + 1)
    this.#handled += 1
  }

  /** Returns an offset for each partition. All records below it are handled. */
  committable(): number[] {
    return this.#known.map((known, partition) => {
      const forms = [...this.#forms.values()]
      return forms.reduce((lowest, form) => {
        if (!form.hasMore) form.advanceTo(partition, known)
        return Math.min(lowest, form.committable(partition))
      }, known)
    })
  }

  /** Changes since the last commit; undefined if there are none. */
  toCommit(): Commit | undefined {
    const offsets = this.committable()
    const ahead = this.#ahead(offsets)
    const moved = offsets.some((offset, partition) => offset !== this.#committed[partition])
    return moved || ahead.length > 0 ? { offsets, ahead } : undefined
  }

  #ahead(committed: number[]): FormOffset[] {
    return [...this.#forms.values()].flatMap((form) =>
      committed.flatMap((own, partition) => {
        const offset = form.toStore(partition, own)
        return offset === undefined ? [] : [{ form: form.form, partition, offset }]
      }),
    )
  }

  /** Call it after the commit was stored. */
  committed({ offsets, ahead }: Commit): void {
    this.#committed = offsets
    for (const { form, partition, offset } of ahead) {
      this.#forms.get(form)?.stored(partition, offset)
    }
    for (const [name, form] of this.#forms) {
      if (form.isDone(offsets)) this.#forms.delete(name)
    }
  }
}
