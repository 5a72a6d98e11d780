// A queue on disk: events that wait to be forwarded, in the order in which they became durable. An embedded log with one partition,
// and the offset up to which its events are forwarded.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { attributesOf, type KeyedMessage, sizeOf } from '../../binary-mode.ts'
import { TooLarge } from '../port.ts'
import { SqliteLog } from '../sqlite/log.ts'
import { type ReadRecord, toLogRecord } from '../sqlite/read-record.ts'

export interface SpoolOptions {
  /** Made if it does not exist. One process uses it at a time. */
  folder: string
  /** The topic that the events are for. */
  topic: string
  /** Limit of the file. */
  maxBytes: number
}

/** A larger event would be accepted here and refused by the log, which takes 1 MiB with what it adds to a record. */
const maxEventBytes = 1_000_000
/** Name of the reader whose committed offset says what is forwarded. */
const group = 'forwarder'
/** Forwarded events that are deleted together: the embedded log deletes no more at once, and reads as many each time. */
const deleteEvery = 2000
/** Keeps nothing that is forwarded, and refuses nothing: the limit is that of the file. */
const retention = { days: 0, bytes: Number.MAX_SAFE_INTEGER }

/** The topic of events that the log refused as too large, in the same file. */
const setAsideOf = (topic: string): string => `${topic}.set-aside`

export class Spool {
  readonly topic: string
  #log: SqliteLog
  /** Offset of the next event to forward. */
  #position: number
  /** Offset after the last durable event. */
  #end: number
  /** Appends that are not durable yet. */
  #pending = 0
  #setAside: number
  /** `#position` when events were last deleted. */
  #keptFrom: number

  /** Rejects if another process uses the spool, or it cannot be written. */
  static async open({ folder, topic, maxBytes }: SpoolOptions): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const topics = [topic, setAsideOf(topic)].map((name) => ({ name, partitions: 1, retention }))
    const log = await SqliteLog.open(join(folder, 'spool.sqlite'), topics, maxBytes)
    const start = await log.store.call('subscribe', topic, group, 'earliest')
    const aside = await log.store.call('subscribe', setAsideOf(topic), group, 'earliest')
    return new Spool({ log, topic, position: start.positions[0], end: start.ends[0], aside })
  }

  private constructor({ log, topic, position = 0, end = 0, aside }: Opened) {
    this.#log = log
    this.topic = topic
    this.#position = position
    this.#keptFrom = position
    this.#end = end
    this.#setAside = aside.remaining
  }

  get file(): string {
    return this.#log.store.file
  }

  /** Resolves when the event is durable. */
  async append(event: KeyedMessage): Promise<void> {
    if (sizeOf(event) > maxEventBytes) throw new TooLarge(`Expected at most ${maxEventBytes} bytes`)
    this.#pending += 1
    try {
      await this.#log.append(this.topic, event)
      this.#end += 1
    } finally {
      this.#pending -= 1
    }
  }

  /** Events that are not forwarded, with those that are just being appended. */
  get waiting(): number {
    return this.#end - this.#position + this.#pending
  }

  /** Number of events that this spool ever took, and that it ever passed on. */
  get totals(): { spooled: number; forwarded: number } {
    return { spooled: this.#end, forwarded: this.#position }
  }

  /** Number of events that the log refused as too large. */
  get setAside(): number {
    return this.#setAside
  }

  /** The next events to forward, oldest first. */
  async read(limit: number): Promise<KeyedMessage[]> {
    const records = await this.#log.store.call('read', this.topic, [this.#position], limit)
    return records.map((record) => toEvent(this.topic, record))
  }

  /** When the next event to forward was appended, in milliseconds since 1970. */
  oldest(): Promise<number | undefined> {
    return this.#log.store.call('oldest', this.topic, [this.#position])
  }

  /** The next `count` events are forwarded. If this cannot be stored they are forwarded again after a restart, under the same ids. */
  async remove(count: number): Promise<void> {
    this.#position += count
    const offsets = [this.#position]
    await this.#log.store.call('commit', this.topic, group, { offsets, ahead: [] })
    if (this.waiting > 0 && this.#position - this.#keptFrom < deleteEvery) return
    await this.#log.store.call('retain', Number.MAX_SAFE_INTEGER)
    this.#keptFrom = this.#position
  }

  /** Keeps the next event, which the log refuses, so that those behind it can be forwarded. */
  async keepAside(event: KeyedMessage): Promise<void> {
    await this.#log.append(setAsideOf(this.topic), event)
    this.#setAside += 1
    await this.remove(1)
  }

  /** Lets events that were set aside wait again: somebody may have raised the limit of the log. Rejects if the spool is full. */
  async takeBack(): Promise<void> {
    const topic = setAsideOf(this.topic)
    const [end = 0] = await this.#log.store.call('ends', topic)
    for (; this.#setAside > 0; this.#setAside -= 1) {
      const offset = end - this.#setAside
      const [record] = await this.#log.store.call('read', topic, [offset], 1)
      if (record) await this.append(toEvent(topic, record))
      await this.#log.store.call('commit', topic, group, { offsets: [offset + 1], ahead: [] })
    }
  }

  /** False while appends cannot succeed. */
  ready(): boolean {
    return this.#log.ready()
  }

  close(): Promise<void> {
    return this.#log.close()
  }
}

interface Opened {
  log: SqliteLog
  topic: string
  position: number | undefined
  end: number | undefined
  aside: { remaining: number }
}

/** The event as it was appended. */
function toEvent(topic: string, record: ReadRecord): KeyedMessage {
  const { headers, body } = toLogRecord(topic, record)
  return { headers, body, key: String(attributesOf(headers).partitionkey) }
}
