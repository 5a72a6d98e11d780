// The rows of one tab in Redis.
import { randomUUID } from 'node:crypto'
import { RetryLater } from '#kit/errors.ts'
import type { Allocation, Ledger } from './buffer.ts'
import type { RedisConnection } from './redis.ts'
import * as scripts from './redis-scripts-ledger.ts'

type Value = string | number
/** Part, row, fresh, late. */
type Found = [number, number, number, number]

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
      `Another Redis server leads: the sheet is looked into before rows of ${this.#tab} are given`,
    )
  }

  async allocate(entries: { id: string; time: string }[], lastRow: number): Promise<Allocation[]> {
    if (lastRow < 2) throw new RangeError(`Expected a last row below 1, found ${lastRow}`)
    const values = entries.flatMap(({ id, time }) => [id, Date.parse(time)])
    const found = (await this.#write(scripts.allocate, lastRow, ...values)) as Found[]
    return entries.map(({ id }, index) => {
      const [part, row, fresh, late] = found[index] as Found
      return { id, part, row, fresh: fresh === 1, late: late === 1 }
    })
  }

  async reallocate(part: number, ids: string[], lastUsed: number): Promise<Allocation[]> {
    const first = Number(await this.#write(scripts.reallocate, part, lastUsed, ...ids))
    return ids.map((id, index) => ({ id, part, row: first + index, fresh: true, late: false }))
  }

  async place(part: number, rows: ReadonlyMap<string, number>): Promise<void> {
    await this.#put(part, 0, rows)
  }

  async rebuild(part: number, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void> {
    const section = Number(await this.#write(scripts.begin, part))
    const all = new Map([...(await this.#kept(part)), ...rows])
    await this.#put(part, section, all)
    await this.#settle(part, section, { rows: all, lastUsed })
  }

  async trust(part: number, rows: ReadonlyMap<string, number>, lastUsed: number): Promise<void> {
    await this.#put(part, 0, rows)
    await this.#settle(part, 0, { rows, lastUsed })
  }

  /** The rows in the part of what waits: their writes may be under way. */
  async #kept(part: number): Promise<Map<string, number>> {
    const kept = new Map<string, number>()
    const pending = await this.#redis.ask((redis) => redis.zcard(`${this.#key}:pending`))
    for (let from = 0; from < pending; from += chunk) {
      const found = await this.#write(scripts.kept, part, from, from + chunk - 1)
      for (const [id, row] of found as [string, number][]) kept.set(id, row)
    }
    return kept
  }

  async #put(part: number, section: number, rows: ReadonlyMap<string, number>): Promise<void> {
    const all = [...rows]
    for (let from = 0; from < all.length; from += chunk) {
      const some = all.slice(from, from + chunk).flat()
      await this.#write(scripts.place, part, section, ...some)
    }
  }

  async #settle(
    part: number,
    section: number,
    { rows, lastUsed }: { rows: ReadonlyMap<string, number>; lastUsed: number },
  ): Promise<void> {
    const next = [...rows.values()].reduce(
      (most, row) => Math.max(most, row),
      Math.max(1, lastUsed),
    )
    const empty = section > 0 && rows.size === 0 ? 1 : 0
    const suspect = await this.#write(scripts.settle, part, section, next + 1, this.#seen, empty)
    this.#suspect = suspect === 1
  }

  async part(): Promise<number> {
    const part = await this.#redis.ask((redis) =>
      redis.hget(`${this.#key}:tab:${this.#tab}`, 'part'),
    )
    return Number(part ?? 1)
  }
}
