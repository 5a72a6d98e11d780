// The buffer in Redis: for several instances of the task, that share the rows that wait, the row numbers and the quota.
import { randomUUID } from 'node:crypto'
import { folded, type Target } from '../../target.ts'
import { Batch } from '../coalesce.ts'
import { type Item, toItems } from '../coalesce-inserts.ts'
import type { Buffer, Entry, Lease, Ledger, Waiting } from '../port.ts'
import { type RedisConfig, RedisConnection } from './connection.ts'
import { RedisLedger } from './ledger.ts'
import * as scripts from './scripts.ts'
import { keepTitles, sortWaiting } from './upgrade.ts'

/** All keys of a spreadsheet begin with it. */
const keyOf = (spreadsheet: string): string => `formstream:{${spreadsheet}}`

export class RedisBuffer implements Buffer {
  #redis: RedisConnection
  #titlesKept = false
  #adds = new Batch<Item, void>({ wait: 0, size: 1000, flush: (items) => this.#insert(items) })

  /** Rejects where an operator has to change something; a server that is away is waited for. */
  static async open(config: RedisConfig): Promise<RedisBuffer> {
    return new RedisBuffer(await RedisConnection.open(config))
  }

  private constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  async add(spreadsheet: string, entries: Entry[]): Promise<void> {
    const items = toItems(spreadsheet, entries)
    await Promise.all(items.map((item) => this.#adds.add(item)))
  }

  async #insert(items: Item[]): Promise<ReadonlyMap<string, void>> {
    await this.#keepTitles()
    const bySpreadsheet = Map.groupBy(items, ({ spreadsheet }) => spreadsheet)
    const inserts = [...bySpreadsheet].map(([spreadsheet, items]) => ({
      key: keyOf(spreadsheet),
      values: [spreadsheet, ...items.flatMap(({ entry }) => toValues(entry))],
    }))
    await this.#redis.write((redis) =>
      Promise.all(inserts.map(({ key, values }) => redis.eval(scripts.add, 1, key, ...values))),
    )
    return new Map()
  }

  async waiting(): Promise<Waiting[]> {
    await this.#keepTitles()
    const [found, unsorted] = await this.#look()
    if (unsorted.length === 0) return found
    await sortWaiting(this.#redis, unsorted)
    return (await this.#look())[0]
  }

  async #look(): Promise<[Waiting[], Target[]]> {
    const [found, unsorted] = (await this.#redis.ask((redis) =>
      redis.eval(scripts.waiting, 1, 'formstream:spreadsheets'),
    )) as [[string, string, number, string][], [string, string][]]
    const waiting = found.map(([spreadsheet, tab, rows, oldest]) => ({
      spreadsheet,
      tab,
      rows,
      oldest: toIso(oldest),
    }))
    return [
      waiting.toSorted((a, b) => (a.oldest < b.oldest ? -1 : 1)),
      unsorted.map(([spreadsheet, tab]) => ({ spreadsheet, tab })),
    ]
  }

  async due(target: Target, until: string, most: number): Promise<Entry[]> {
    const key = keyOf(target.spreadsheet)
    const tab = await this.#titleOf(target)
    const last = Date.parse(until)
    return this.#redis.ask(async (redis) => {
      const ids = await redis.zrangebyscore(`${key}:due:${tab}`, '-inf', last, 'LIMIT', 0, most)
      if (ids.length === 0) return []
      const entries = await redis.hmget(`${key}:entries`, ...ids)
      return entries.flatMap((entry) => (entry === null ? [] : [toEntry(entry, tab)]))
    })
  }

  async move(from: Target, to: Target, ids: string[]): Promise<string[]> {
    const values = [to.spreadsheet, from.spreadsheet, await this.#titleOf(from)]
    const stay = await this.#redis.write((redis) =>
      redis.eval(
        scripts.move,
        ...[1, keyOf(from.spreadsheet), ...values, to.tab, folded(to.tab), ...ids],
      ),
    )
    return stay as string[]
  }

  /** Once, when Redis answers, before any tab is given a title. */
  async #keepTitles(): Promise<void> {
    if (this.#titlesKept) return
    await keepTitles(this.#redis)
    this.#titlesKept = true
  }

  /** The first title that the tab was given. */
  async #titleOf({ spreadsheet, tab }: Target): Promise<string> {
    await this.#keepTitles()
    const key = `${keyOf(spreadsheet)}:titles`
    const known = await this.#redis.ask((redis) => redis.hget(key, folded(tab)))
    return known ?? tab
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#redis.ask((redis) =>
      redis.eval(scripts.remove, 1, keyOf(spreadsheet), spreadsheet, ...ids),
    )
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    const title = await this.#titleOf({ spreadsheet, tab })
    return RedisLedger.open(this.#redis, keyOf(spreadsheet), title)
  }

  async lease(target: Target, ms: number): Promise<Lease | undefined> {
    const key = `${keyOf(target.spreadsheet)}:lease:${folded(target.tab)}`
    const token = randomUUID()
    const ask = (script: string, ...values: (string | number)[]) =>
      this.#redis.ask((redis) => redis.eval(script, 1, key, token, ...values))
    const got = await this.#redis.ask((redis) => redis.set(key, token, 'PX', ms, 'NX'))
    if (got === null) return undefined
    return {
      renew: async () => (await ask(scripts.renew, ms)) === 1,
      release: async () => {
        await ask(scripts.release)
      },
    }
  }

  async take(kind: 'read' | 'write', perMinute: number): Promise<number> {
    const key = `formstream:calls:${kind}`
    const wait = await this.#redis.ask((redis) =>
      redis.eval(scripts.take, 1, key, randomUUID(), perMinute),
    )
    return Number(wait)
  }

  problem(): string | undefined {
    return this.#redis.problem()
  }

  close(): Promise<void> {
    return this.#redis.close()
  }
}

const toValues = (entry: Entry): (string | number)[] => [
  entry.id,
  Date.parse(entry.time),
  entry.tab,
  folded(entry.tab),
  entry.cause.form,
  entry.again ? 1 : 0,
  JSON.stringify(entry),
]

/** The text of the entry may name a tab that it was moved from. */
const toEntry = (text: string, tab: string): Entry => ({ ...(JSON.parse(text) as Entry), tab })

const toIso = (milliseconds: string): string => new Date(Number(milliseconds)).toISOString()
