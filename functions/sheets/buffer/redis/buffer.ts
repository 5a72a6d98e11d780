// The buffer in Redis. Several instances of the task share its entries, row numbers and count of calls.
import { randomUUID } from 'node:crypto'
import { type RedisConfig, RedisConnection } from '#kit/redis/connection.ts'
import type { Entry } from '../../row.ts'
import { foldTitle, type Target } from '../../target.ts'
import { coalesceInserts, type Insert } from '../coalesce-inserts.ts'
import type { Lease, Ledger, RowBuffer, WaitingRows } from '../port.ts'
import { RedisLedger } from './ledger.ts'
import * as scripts from './scripts.ts'
import { sortByTab, takeOverTitles } from './upgrade.ts'

/** All keys of a spreadsheet begin with it. */
const keyOf = (spreadsheet: string): string => `formstream:{${spreadsheet}}`

export class RedisBuffer implements RowBuffer {
  #redis: RedisConnection
  #upgraded = false
  readonly add = coalesceInserts((inserts) => this.#insert(inserts))

  /** Rejects if an operator has to change something. Resolves though the server is away; `problem` then says so. */
  static async open(config: RedisConfig): Promise<RedisBuffer> {
    return new RedisBuffer(await RedisConnection.open(config))
  }

  private constructor(redis: RedisConnection) {
    this.#redis = redis
  }

  /** Needs Redis, so it runs before the first use, not when the buffer is opened. */
  async #upgrade(): Promise<void> {
    if (this.#upgraded) return
    await takeOverTitles(this.#redis)
    this.#upgraded = true
  }

  async #insert(inserts: Insert[]): Promise<void> {
    await this.#upgrade()
    const bySpreadsheet = Map.groupBy(inserts, ({ spreadsheet }) => spreadsheet)
    const calls = [...bySpreadsheet].map(([spreadsheet, own]) => ({
      key: keyOf(spreadsheet),
      values: [spreadsheet, ...own.flatMap(({ entry }) => toValues(entry))],
    }))
    await this.#redis.write((redis) =>
      Promise.all(
        calls.map(({ key, values }) => redis.eval(scripts.addEntries, 1, key, ...values)),
      ),
    )
  }

  async waiting(): Promise<WaitingRows[]> {
    await this.#upgrade()
    const { waiting, unsorted } = await this.#count()
    if (unsorted.length === 0) return waiting
    await sortByTab(this.#redis, unsorted)
    return (await this.#count()).waiting
  }

  async #count(): Promise<{ waiting: WaitingRows[]; unsorted: Target[] }> {
    const [found, unsorted] = (await this.#redis.ask((redis) =>
      redis.eval(scripts.countWaiting, 1, 'formstream:spreadsheets'),
    )) as [[string, string, number, string][], [string, string][]]
    const waiting = found.map(([spreadsheet, tab, rows, oldest]) => ({
      spreadsheet,
      tab,
      rows,
      oldest: new Date(Number(oldest)).toISOString(),
    }))
    return {
      waiting: waiting.toSorted((a, b) => (a.oldest < b.oldest ? -1 : 1)),
      unsorted: unsorted.map(([spreadsheet, tab]) => ({ spreadsheet, tab })),
    }
  }

  async due(target: Target, until: string, max: number): Promise<Entry[]> {
    const key = keyOf(target.spreadsheet)
    const tab = await this.#titleOf(target)
    const last = Date.parse(until)
    return this.#redis.ask(async (redis) => {
      const ids = await redis.zrangebyscore(`${key}:due:${tab}`, '-inf', last, 'LIMIT', 0, max)
      if (ids.length === 0) return []
      const entries = await redis.hmget(`${key}:entries`, ...ids)
      return entries.flatMap((entry) => (entry === null ? [] : [toEntry(entry, tab)]))
    })
  }

  async move(from: Target, to: Target, ids: string[]): Promise<string[]> {
    const values = [to.spreadsheet, from.spreadsheet, await this.#titleOf(from)]
    const stay = await this.#redis.write((redis) =>
      redis.eval(
        scripts.moveEntries,
        ...[1, keyOf(from.spreadsheet), ...values, to.tab, foldTitle(to.tab), ...ids],
      ),
    )
    return stay as string[]
  }

  /** The first spelling of the title that was used. */
  async #titleOf({ spreadsheet, tab }: Target): Promise<string> {
    await this.#upgrade()
    const key = `${keyOf(spreadsheet)}:titles`
    const known = await this.#redis.ask((redis) => redis.hget(key, foldTitle(tab)))
    return known ?? tab
  }

  async remove(spreadsheet: string, ids: string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#redis.ask((redis) =>
      redis.eval(scripts.removeEntries, 1, keyOf(spreadsheet), spreadsheet, ...ids),
    )
  }

  async ledger(spreadsheet: string, tab: string): Promise<Ledger> {
    const title = await this.#titleOf({ spreadsheet, tab })
    return RedisLedger.open(this.#redis, keyOf(spreadsheet), title)
  }

  async lease(target: Target, ms: number): Promise<Lease | undefined> {
    const key = `${keyOf(target.spreadsheet)}:lease:${foldTitle(target.tab)}`
    const token = randomUUID()
    const run = (script: string, ...values: (string | number)[]) =>
      this.#redis.ask((redis) => redis.eval(script, 1, key, token, ...values))
    const taken = await this.#redis.ask((redis) => redis.set(key, token, 'PX', ms, 'NX'))
    if (taken === null) return undefined
    return {
      renew: async () => (await run(scripts.renewLease, ms)) === 1,
      release: async () => {
        await run(scripts.releaseLease)
      },
    }
  }

  async takeCall(kind: 'read' | 'write', perMinute: number): Promise<number> {
    const key = `formstream:calls:${kind}`
    const wait = await this.#redis.ask((redis) =>
      redis.eval(scripts.takeCall, 1, key, randomUUID(), perMinute),
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

/** As add-entries.lua takes it. */
const toValues = (entry: Entry): (string | number)[] => [
  entry.id,
  Date.parse(entry.time),
  entry.tab,
  foldTitle(entry.tab),
  entry.cause.form,
  entry.again ? 1 : 0,
  JSON.stringify(entry),
]

/** The stored entry may still name a tab that it was moved from. */
const toEntry = (text: string, tab: string): Entry => ({ ...(JSON.parse(text) as Entry), tab })
