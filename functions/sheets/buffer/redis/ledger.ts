// The ledger of one tab in Redis.
import { randomUUID } from 'node:crypto'
import { RetryLater } from '#kit/errors.ts'
import type { RedisConnection } from '#kit/redis/connection.ts'
import type { Ledger, LedgerRow, LedgerState, Order, RowBatch } from '../port.ts'
import * as scripts from './scripts.ts'

type Value = string | number

/** Ids in one script at most: Redis does nothing else while a script runs. */
const maxIds = 2000

export class RedisLedger implements Ledger {
  readonly owner: string
  #redis: RedisConnection
  #key: string
  #tab: string
  #suspect: boolean
  /** The server that led when this instance began to read the sheet. */
  #leader: string

  static async open(redis: RedisConnection, key: string, tab: string): Promise<RedisLedger> {
    const opened = await redis.write((client) =>
      client.eval(scripts.openLedger, 1, key, tab, randomUUID()),
    )
    return new RedisLedger(redis, { key, tab, opened: opened as [string, string, number] })
  }

  private constructor(
    redis: RedisConnection,
    { key, tab, opened }: { key: string; tab: string; opened: [string, string, number] },
  ) {
    this.#redis = redis
    this.#key = key
    this.#tab = tab
    const [owner, leader, suspect] = opened
    this.owner = owner
    this.#leader = leader
    this.#suspect = suspect === 1
  }

  get suspect(): boolean {
    return this.#suspect
  }

  /** Resolves when the write is durable. A script returns a text, the server that leads, if it did nothing as another one leads. */
  async #write(script: string, ...values: Value[]): Promise<unknown> {
    const result = await this.#redis.write((redis) =>
      redis.eval(script, 1, this.#key, this.#tab, ...values),
    )
    if (typeof result !== 'string') return result
    this.#suspect = true
    this.#leader = result
    throw new RetryLater(
      `Another Redis server leads: the sheet is read before rows of ${this.#tab} are written`,
    )
  }

  #read(script: string, ...values: Value[]): Promise<unknown> {
    return this.#redis.ask((redis) => redis.eval(script, 1, this.#key, this.#tab, ...values))
  }

  async read(ids: string[]): Promise<LedgerState> {
    const [version, batch, part, next, time, id] = (await this.#read(scripts.readLedger)) as [
      version: number,
      batch: string,
      part: number,
      next: number,
      time: string,
      id: string,
    ]
    return {
      version,
      batch: batch ? (JSON.parse(batch) as RowBatch) : undefined,
      part,
      next,
      last: { time: time && new Date(Number(time)).toISOString(), id },
      rows: await this.#rows(ids),
    }
  }

  async #rows(ids: string[]): Promise<Map<string, LedgerRow>> {
    const rows = new Map<string, LedgerRow>()
    for (let from = 0; from < ids.length; from += maxIds) {
      const some = ids.slice(from, from + maxIds)
      const found = (await this.#read(scripts.findRows, ...some)) as number[]
      for (const [n, id] of some.entries()) {
        const [part = 0, row = 0] = found.slice(2 * n, 2 * n + 2)
        if (row > 0) rows.set(id, { part, row })
      }
    }
    return rows
  }

  async begin(batch: RowBatch, { version, last }: { version: number; last: Order }): Promise<void> {
    const text = JSON.stringify(batch)
    const values = [version, text, batch.id, batch.part, ...toValues(last)]
    if ((await this.#write(scripts.beginBatch, ...values, ...batch.ids)) === 1) return
    throw new RetryLater('Another batch of rows was written meanwhile; the tab is read again')
  }

  async end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void> {
    const withoutRow = batch.ids.filter((id) => !rows.has(id))
    await this.#put(batch.part, 0, rows)
    const next = rows.size === 0 ? 0 : rowBelow(rows)
    const values = [batch.id, batch.part, next, ...toValues(batch.before)]
    await this.#write(scripts.endBatch, ...values, ...withoutRow)
  }

  async relocate(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    await this.#put(part, 0, rows)
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const section = Number(await this.#write(scripts.newSection, part))
    await this.#put(part, section, rows)
    await this.#confirm(part, section, rows)
  }

  async trust(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    await this.#put(part, 0, rows)
    await this.#confirm(part, 0, rows)
  }

  /** `section` 0: the current one of the part. */
  async #put(part: number, section: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const all = [...rows]
    for (let from = 0; from < all.length; from += maxIds) {
      const some = all.slice(from, from + maxIds).flat()
      await this.#write(scripts.putRows, part, section, ...some)
    }
  }

  async #confirm(part: number, section: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const isEmpty = section > 0 && rows.size === 0 ? 1 : 0
    const values = [part, section, rowBelow(rows), this.#leader, isEmpty]
    this.#suspect = (await this.#write(scripts.confirmPart, ...values)) === 1
  }

  async lastPart(): Promise<number> {
    const part = await this.#redis.ask((redis) =>
      redis.hget(`${this.#key}:tab:${this.#tab}`, 'part'),
    )
    return Number(part ?? 1)
  }
}

/** Row 1 is the header in a tab that we created. */
const rowBelow = (rows: ReadonlyMap<string, number>): number =>
  [...rows.values()].reduce((last, row) => Math.max(last, row), 1) + 1

const toValues = ({ time, id }: Order): [Value, string] => [time && Date.parse(time), id]
