// A group on the embedded log: hands out the records of each form in their order, the forms side by side, and commits what is
// settled of each. So a form with much to do, or one whose records stay open, holds up no other.

import type { Bounds, Consumer, Skipped, Subscription } from '../port.ts'
import { sqliteProblem } from './database.ts'
import { SqliteHandOut } from './dispatcher.ts'
import type { FormRecords } from './form-index.ts'
import type { FormReading } from './form-progress.ts'
import { SqliteProgress } from './group-offsets.ts'
import type { SqliteLog } from './log.ts'
import type { Standing } from './store.ts'
import { FormReadings } from './topic-progress.ts'

const commitEvery = 1000
const tryAgainAfter = 1000
/** One record that stays open must not let those behind it in its form run on without end: a crash hands all of them out again. */
const maxSpan = 100_000
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
  #readings: FormReadings
  #handOut: SqliteHandOut
  #progress: SqliteProgress
  #failing = new Set<FormReading>()
  #closing = false
  /** Something was appended since the last look. */
  #news = true
  #wake: () => void = () => {}
  #commits: NodeJS.Timeout

  constructor(log: SqliteLog, subscription: Grouped, standing: Standing) {
    this.topic = subscription.topic
    this.#log = log
    this.#subscription = subscription
    this.#readings = new FormReadings(standing)
    this.#handOut = new SqliteHandOut(subscription, this.#readings, () => this.#wake())
    const { topic, group } = subscription
    this.#progress = new SqliteProgress(log, { topic, group, standing }, this.#readings)
    this.#commits = setInterval(
      () => void this.#progress.commit().catch(process.emitWarning),
      commitEvery,
    )
    this.closed = this.#run()
  }

  /** Something was appended. */
  wake(): void {
    this.#news = true
    this.#wake()
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
      this.#readings.look(await this.#log.call('news', this.topic, this.#readings.known))
    } catch (error) {
      this.#news = true
      this.#tell(error as Error)
      this.#wakeLater()
    }
  }

  #next(): FormReading[] {
    const next: FormReading[] = []
    for (const reading of this.#readings.waiting) {
      if (next.length === sideBySide) break
      if (this.#room(reading) > 0) next.push(reading)
    }
    return next
  }

  #room(reading: FormReading): number {
    const { form, open } = reading
    const room = this.#handOut.room(form)
    const stands = this.#failing.has(reading) || reading.span >= maxSpan
    return stands || room < Math.min(fewest, open) ? 0 : room
  }

  async #read(reading: FormReading): Promise<void> {
    const { form } = reading
    const limit = Math.min(maxRead, this.#room(reading))
    if (limit === 0) return
    this.#handOut.reserve(form, limit)
    const found = await this.#records(reading, limit)
    this.#handOut.giveBack(form, limit)
    if (!found || this.#closing) return
    for (const record of found.records) this.#handOut.handOut(reading, record)
    this.#readings.advance(reading, found.next)
  }

  async #records(reading: FormReading, limit: number): Promise<FormRecords | undefined> {
    const { topic } = this
    const { known } = this.#readings
    const range = { topic, form: reading.form, from: reading.next, until: known }
    const first = reading.first++ % known.length
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
    const offsets = this.#readings.known.map((_, partition) => this.#readings.stands(partition))
    onProblem(`${message}; reading of ${this.topic} stands at the offsets ${offsets.join(', ')}`)
  }

  #wakeLater(reading?: FormReading): void {
    setTimeout(() => {
      if (reading) this.#failing.delete(reading)
      this.#wake()
    }, tryAgainAfter).unref()
  }

  lag(): Promise<number> {
    return this.#progress.lag()
  }

  oldest(): Promise<number | undefined> {
    return this.#progress.oldest()
  }

  bounds(): Promise<Bounds[]> {
    return this.#log.call('bounds', this.topic)
  }

  async skip(skipped: Skipped): Promise<void> {
    await this.#progress.skip(skipped)
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    clearInterval(this.#commits)
    await this.closed
    await this.#handOut.close()
    await this.#progress.commit()
  }
}
