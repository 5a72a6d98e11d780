// The rows of one tab in Redis.
import { randomUUID } from 'node:crypto'
import { RetryLater } from '#kit/errors.ts'
import type { Known, Ledger, Order, Place, RowBatch } from '../port.ts'
import type { RedisConnection } from './connection.ts'
import * as scripts from './scripts-ledger.ts'

type Value = string | number
type Told = [version: number, batch: string, part: number, next: number, time: string, id: string]

/** A script holds Redis up while it runs: so many ids at once. */
const chunk = 2000

export class RedisLedger implements Ledger {
  readonly owner: string
  #redis: RedisConnection
  #key: string
  #tab: string
  #suspect: boolean
  /** The server that led when the sheet was looked into. */
  #seen: string

  static async open(redis: RedisConnection, key: string, tab: string): Promise<RedisLedger> {
    const opened = await redis.write((client) =>
      client.eval(scripts.open, 1, key, tab, randomUUID()),
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
    this.owner = opened[0]
    this.#seen = opened[1]
    this.#suspect = opened[2] === 1
  }

  get suspect(): boolean {
    return this.#suspect
  }

  /** Safe when it resolves. A text is the server that leads, where the script refused to work for that reason. */
  async #write(script: string, ...values: Value[]): Promise<unknown> {
    const result = await this.#redis.write((redis) =>
      redis.eval(script, 1, this.#key, this.#tab, ...values),
    )
    if (typeof result !== 'string') return result
    this.#suspect = true
    this.#seen = result
    throw new RetryLater(
      `Another Redis server leads: the sheet is looked into before rows of ${this.#tab} are written`,
    )
  }

  #read(script: string, ...values: Value[]): Promise<unknown> {
    return this.#redis.ask((redis) => redis.eval(script, 1, this.#key, this.#tab, ...values))
  }

  async known(ids: string[]): Promise<Known> {
    const told = (await this.#read(scripts.known)) as Told
    const [version, batch, part, next, time, id] = told
    return {
      version,
      batch: batch ? (JSON.parse(batch) as RowBatch) : undefined,
      part,
      next,
      last: { time: time && new Date(Number(time)).toISOString(), id },
      places: await this.#places(ids),
    }
  }

  async #places(ids: string[]): Promise<Map<string, Place>> {
    const places = new Map<string, Place>()
    for (let from = 0; from < ids.length; from += chunk) {
      const some = ids.slice(from, from + chunk)
      const found = (await this.#read(scripts.places, ...some)) as number[]
      for (const [n, id] of some.entries()) {
        const [part = 0, row = 0] = found.slice(2 * n, 2 * n + 2)
        if (row > 0) places.set(id, { part, row })
      }
    }
    return places
  }

  async begin(batch: RowBatch, { version, last }: { version: number; last: Order }): Promise<void> {
    const text = JSON.stringify(batch)
    const about = [version, text, batch.id, batch.part, ...toOrder(last)]
    if ((await this.#write(scripts.begin, ...about, ...batch.ids)) === 1) return
    throw new RetryLater('Another batch of rows was written meanwhile: the tab is looked at again')
  }

  async end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void> {
    const lost = batch.ids.filter((id) => !rows.has(id))
    await this.#put(batch.part, 0, rows)
    const next = rows.size === 0 ? 0 : nextOf(rows)
    const about = [batch.id, batch.part, next, ...toOrder(batch.before)]
    await this.#write(scripts.finish, ...about, ...lost)
  }

  async place(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    await this.#put(part, 0, rows)
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const section = Number(await this.#write(scripts.renew, part))
    await this.#put(part, section, rows)
    await this.#settle(part, section, rows)
  }

  async trust(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    await this.#put(part, 0, rows)
    await this.#settle(part, 0, rows)
  }

  async #put(part: number, section: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const all = [...rows]
    for (let from = 0; from < all.length; from += chunk) {
      const some = all.slice(from, from + chunk).flat()
      await this.#write(scripts.place, part, section, ...some)
    }
  }

  async #settle(part: number, section: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const empty = section > 0 && rows.size === 0 ? 1 : 0
    const about = [part, section, nextOf(rows), this.#seen, empty]
    this.#suspect = (await this.#write(scripts.settle, ...about)) === 1
  }

  async part(): Promise<number> {
    const part = await this.#redis.ask((redis) =>
      redis.hget(`${this.#key}:tab:${this.#tab}`, 'part'),
    )
    return Number(part ?? 1)
  }
}

/** The row below the last one; row 1 is the header where we made the tab. */
const nextOf = (rows: ReadonlyMap<string, number>): number =>
  [...rows.values()].reduce((most, row) => Math.max(most, row), 1) + 1

const toOrder = ({ time, id }: Order): [Value, string] => [time && Date.parse(time), id]
