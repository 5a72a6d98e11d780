// A group on the embedded log: hands out the records of each form in their order, the forms side by side, and commits what is
// settled of each. So a form with much to do, or one whose records stay open, holds up no other.
import { expectToStandAt } from './expect-to-stand-at.ts'
import { FormReading } from './form-reading.ts'
import type { Bounds, Consumer, LogRecord, Skipped, Subscription } from './log.ts'
import type { SqliteLog } from './log-sqlite.ts'
import type { FormRecords } from './log-sqlite-forms.ts'
import type { Ahead } from './log-sqlite-groups.ts'
import type { Standing } from './log-sqlite-store.ts'
import { Shares } from './shares.ts'
import { sqliteProblem } from './sqlite-problem.ts'

const commitEvery = 1000
const tryAgainAfter = 1000
/** One record that stays open must not let those behind it in its form run on without end: a crash hands all of them out again. */
const maxSpan = 100_000
/** Of records that are open. */
const maxBytes = 64 * 2 ** 20
const maxBytesRead = 2 ** 20
/** Of one reading, so that it keeps no other form waiting. */
const maxRead = 96
/** Reading one record at a time costs more than the record; so a form waits until there is room for so many. */
const fewest = 32
/** Forms that are read side by side. */
const sideBySide = 32

type Grouped = Subscription & { group: string }

export class SqliteConsumer implements Consumer {
  readonly topic: string
  readonly closed: Promise<void>
  #log: SqliteLog
  #subscription: Grouped
  /** Of each partition: the records of all forms below it are known. */
  #known: number[]
  #standing: Standing
  /** Those with something to read, something open, or something that is not committed. */
  #forms = new Map<string, FormReading>()
  /** Those with something to read; the one that was read last is the last. */
  #waiting = new Set<FormReading>()
  #failing = new Set<FormReading>()
  #open: Shares
  #bytes = new Shares(maxBytes)
  #settled = 0
  #committed: number[]
  #active = new Set<Promise<void>>()
  #closing = false
  /** Something was appended since the last look. */
  #news = true
  #wake: () => void = () => {}
  #commits: NodeJS.Timeout

  constructor(log: SqliteLog, subscription: Grouped, standing: Standing) {
    this.topic = subscription.topic
    this.#log = log
    this.#subscription = subscription
    this.#standing = standing
    this.#known = [...standing.positions]
    this.#committed = [...standing.positions]
    this.#open = new Shares(2 * subscription.inFlight)
    for (const { partition, form, offset } of standing.ahead) {
      this.#reading(form).restore(partition, offset)
    }
    this.#commits = setInterval(() => void this.#commit().catch(process.emitWarning), commitEvery)
    this.closed = this.#run()
  }

  /** Something was appended. */
  wake(): void {
    this.#news = true
    this.#wake()
  }

  #reading(form: string): FormReading {
    const reading = this.#forms.get(form) ?? new FormReading(form, this.#known)
    this.#forms.set(form, reading)
    return reading
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      if (this.#news) await this.#look()
      const next = this.#next()
      await Promise.all(next.map((reading) => this.#read(reading)))
      if (next.length === 0 && !this.#closing) await woken
    }
  }

  /** Which forms have something new. */
  async #look(): Promise<void> {
    this.#news = false
    try {
      const { forms, ends } = await this.#log.call('news', this.topic, this.#known)
      for (const form of forms) {
        const reading = this.#reading(form)
        // What it had below was read.
        if (!reading.more) this.#known.map((known, partition) => reading.pass(partition, known))
        reading.more = true
        this.#waiting.add(reading)
      }
      this.#known = ends
    } catch (error) {
      this.#news = true
      this.#tell(error as Error)
      this.#wakeLater()
    }
  }

  #next(): FormReading[] {
    const next: FormReading[] = []
    for (const reading of this.#waiting) {
      if (next.length === sideBySide) break
      if (this.#room(reading) > 0) next.push(reading)
    }
    return next
  }

  #room(reading: FormReading): number {
    const { form, open } = reading
    const room = this.#bytes.room(form) > 0 ? this.#open.room(form) : 0
    const stands = this.#failing.has(reading) || reading.span >= maxSpan
    return stands || room < Math.min(fewest, open) ? 0 : room
  }

  async #read(reading: FormReading): Promise<void> {
    const { form } = reading
    const limit = Math.min(maxRead, this.#room(reading))
    if (limit === 0) return
    // Others that are read beside it count on what is left.
    this.#open.take(form, limit)
    const found = await this.#records(reading, limit)
    this.#open.giveBack(form, limit)
    if (!found || this.#closing) return
    for (const record of found.records) this.#handOut(reading, record)
    for (const [partition, next] of found.next.entries()) reading.pass(partition, next)
    reading.more = found.next.some((next, partition) => next < (this.#known[partition] as number))
    this.#waiting.delete(reading)
    if (reading.more) this.#waiting.add(reading)
  }

  async #records(reading: FormReading, limit: number): Promise<FormRecords | undefined> {
    const { topic } = this
    const range = { topic, form: reading.form, from: reading.next, until: this.#known }
    const first = reading.first++ % this.#known.length
    try {
      const asked = { ...range, first, limit, bytes: maxBytesRead }
      const found = await this.#log.call('readForm', asked)
      if (this.#failing.size === 0) this.#subscription.onProblem?.()
      return found
    } catch (error) {
      const firsts = await this.#log.call('firstOfForm', range).catch(() => [])
      for (const [partition, first] of firsts.entries()) reading.pass(partition, first)
      this.#failing.add(reading)
      this.#tell(error as Error)
      this.#wakeLater(reading)
      return undefined
    }
  }

  #tell(error: Error): void {
    if (this.#closing) return
    const { onProblem = (problem?: string) => problem && process.emitWarning(problem) } =
      this.#subscription
    const { message } = sqliteProblem(this.#log.file, error)
    const offsets = this.#known.map((_, partition) => this.#stands(partition))
    onProblem(`${message}; reading of ${this.topic} stands at the offsets ${offsets.join(', ')}`)
  }

  #wakeLater(reading?: FormReading): void {
    setTimeout(() => {
      if (reading) this.#failing.delete(reading)
      this.#wake()
    }, tryAgainAfter).unref()
  }

  #handOut(reading: FormReading, record: LogRecord): void {
    const { form } = reading
    const size = record.body.length
    this.#open.take(form)
    this.#bytes.take(form, size)
    reading.handOut(record)
    const handled = this.#subscription.handle(record).then(
      () => {
        reading.settle(record)
        this.#settled += 1
      },
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      reading.open -= 1
      this.#open.giveBack(form)
      this.#bytes.giveBack(form, size)
      this.#active.delete(handled)
      this.#wake()
    })
  }

  /** Of each partition: all below is settled. */
  #committable(): number[] {
    return this.#known.map((known, partition) => {
      const forms = [...this.#forms.values()]
      return forms.reduce((least, reading) => {
        if (!reading.more) reading.pass(partition, known)
        return Math.min(least, reading.committable(partition))
      }, known)
    })
  }

  async #commit(): Promise<void> {
    const offsets = this.#committable()
    const ahead = this.#ahead(offsets)
    const moved = offsets.some((offset, partition) => offset !== this.#committed[partition])
    if (!moved && ahead.length === 0) return
    await this.#log.call('commit', this.topic, this.#subscription.group, { offsets, ahead })
    this.#committed = offsets
    for (const { form, partition, offset } of ahead) {
      this.#forms.get(form)?.stored(partition, offset)
    }
    for (const [form, reading] of this.#forms) {
      if (reading.isOver(offsets)) this.#forms.delete(form)
    }
  }

  #ahead(committed: number[]): Ahead[] {
    return [...this.#forms.values()].flatMap((reading) =>
      committed.flatMap((least, partition) => {
        const offset = reading.toStore(partition, least)
        return offset === undefined ? [] : [{ form: reading.form, partition, offset }]
      }),
    )
  }

  async lag(): Promise<number> {
    const ends = await this.#log.call('ends', this.topic)
    const since = ends.map((end, partition) => end - (this.#standing.ends[partition] as number))
    return since.reduce((sum, count) => sum + count, this.#standing.left - this.#settled)
  }

  oldest(): Promise<number | undefined> {
    return this.#log.call('oldest', this.topic, this.#committable())
  }

  bounds(): Promise<Bounds[]> {
    return this.#log.call('bounds', this.topic)
  }

  /** Where the next record of the partition is to be read. */
  #stands(partition: number): number {
    const nexts = [...this.#waiting].map(({ next }) => next[partition] as number)
    return Math.min(this.#known[partition] as number, ...nexts)
  }

  async #expectToStandAt(partition: number, offset: number): Promise<void> {
    const end = (await this.#log.call('ends', this.topic))[partition]
    const position = end === undefined ? undefined : { offset: this.#stands(partition), end }
    expectToStandAt(position, { topic: this.topic, partition, offset })
  }

  async skip({ partition, offset, keep }: Skipped): Promise<void> {
    await this.#expectToStandAt(partition, offset)
    await keep()
    await this.#expectToStandAt(partition, offset)
    for (const reading of this.#waiting) reading.pass(partition, offset + 1)
    this.#settled += 1
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    clearInterval(this.#commits)
    await this.closed
    await Promise.all(this.#active)
    await this.#commit()
  }
}
