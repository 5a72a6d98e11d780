// The buffer in a master with two replicas and three sentinels: what a failover may do to it, and what not.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Ledger, RowBuffer } from '../../functions/sheets/buffer/port.ts'
import { RedisBuffer } from '../../functions/sheets/buffer/redis/buffer.ts'
import type { RedisConfig } from '../../functions/sheets/buffer/redis/connection.ts'
import {
  parseRedisUrl,
  type RedisServer as Server,
} from '../../functions/sheets/buffer/redis/settings.ts'
import { at, begin, entry, lookedInto, record, shown, tabOf } from './buffer-entries.ts'
import {
  ask,
  type RedisServer,
  type RedisSetup,
  redisInstalled,
  until,
  withSentinels,
} from './redis.ts'

jest.setTimeout(120_000)

const refused = { name: 'RetryLater' }
const whereInstalled = redisInstalled ? describe : describe.skip

whereInstalled('with Sentinel', () => {
  let setup: RedisSetup
  let buffer: RowBuffer
  let sheet: string
  beforeEach(async () => {
    setup = await withSentinels()
    buffer = await open()
    sheet = randomUUID()
  })
  afterEach(async () => {
    await buffer.close()
    await setup.stop()
  })

  const open = (more: Partial<RedisConfig> = {}) =>
    RedisBuffer.open({ server: parseRedisUrl(setup.url) as Server, ...more })
  async function reopen(more: Partial<RedisConfig>): Promise<void> {
    await buffer.close()
    buffer = await open(more)
  }
  const due = async () => (await buffer.due(tabOf(sheet), at(1e9), 1e5)).map(({ id }) => id)

  async function replicas(): Promise<RedisServer[]> {
    const master = await setup.master()
    return setup.servers.filter((server) => server !== master)
  }

  /** Only `next` comes back, and becomes the master; then the others, which follow it. */
  async function failOver(next: RedisServer, others: RedisServer[]): Promise<void> {
    await next.start()
    await until(async () => (await setup.master()) === next)
    for (const server of others) {
      await server.start()
      await ask(server.port, ['replicaof', '127.0.0.1', String(next.port)])
    }
  }

  test('without a replica that answers nothing is acknowledged, nor is it when repeated', async () => {
    const ledger = await lookedInto(buffer, sheet)
    await buffer.add(sheet, [entry('a')])
    for (const replica of await replicas()) replica.freeze()
    for (let n = 0; n < 2; n++) {
      await until(() => buffer.problem() === undefined)
      await expect(buffer.add(sheet, [entry('a'), entry('b')])).rejects.toMatchObject(refused)
      await until(() => buffer.problem() === undefined)
      await expect(begin(ledger, ['a'])).rejects.toMatchObject(refused)
    }
    for (const replica of await replicas()) replica.thaw()
    await acknowledged(() => buffer.add(sheet, [entry('a'), entry('b')]))
    expect(await due()).toEqual(['a', 'b'])
    // It may have been noted all the same: then it is for whoever writes next to say what came of it.
    const { batch } = await ledger.read([])
    expect(batch?.ids).toEqual(['a'])
    await acknowledged(() => ledger.end(batch!, new Map()))
    await acknowledged(() => record(ledger, ['b']))
    expect(await shown(ledger, ['a', 'b'])).toEqual(['b 2'])
  })

  test('a master that may be cut off unnoticed, or that no replica follows, must be accepted by name', async () => {
    await expect(open({ replicas: 0 })).rejects.toThrow(/REDIS_REPLICAS.*LOSS=failover/)
    const { port } = await setup.master()
    await ask(port, ['config', 'set', 'min-replicas-to-write', '0'])
    await expect(open()).rejects.toThrow(/min-replicas-to-write.*LOSS=failover/)
    const accepted = await open({ accepted: 'failover' })
    await accepted.close()
    await ask(port, ['config', 'set', 'appendfsync', 'everysec', 'min-replicas-to-write', '1'])
    const twoMachines = await open()
    await twoMachines.close()
  })

  test('what only a lost replica had is lost, noticed, and no row is written twice', async () => {
    const ledger = await lookedInto(buffer, sheet)
    await buffer.add(sheet, [entry('a')])
    await record(ledger, ['a'])
    const [behind, other] = (await replicas()) as [RedisServer, RedisServer]
    const before = await setup.master()
    await behind.kill()
    await buffer.add(sheet, [entry('b')])
    expect(await record(ledger, ['b'])).toEqual(new Map([['b', 3]]))
    const lost = await begin(ledger, ['c'])
    await Promise.all([before.kill(), other.kill()])
    await failOver(behind, [before, other])
    await setup.master(1)
    await until(() => buffer.problem() === undefined)
    expect(await due()).toEqual(['a'])
    await expect(begin(ledger, ['d'])).rejects.toMatchObject(refused)
    await expect(ledger.end(lost, new Map([['c', 4]]))).rejects.toMatchObject(refused)
    expect(ledger.suspect).toBe(true)
    expect((await acknowledged(() => buffer.ledger(sheet, 'Responses'))).suspect).toBe(true)
    const standing = new Map(['a', 'b', 'c'].map((id, n) => [id, n + 2]))
    await acknowledged(() => ledger.trust(1, standing))
    expect((await ledger.read([])).batch).toBeUndefined()
    expect(await acknowledged(() => record(ledger, ['d']))).toEqual(new Map([['d', 5]]))
    expect(await shown(ledger, ['a', 'b', 'c', 'd'])).toEqual(['a 2', 'b 3', 'c 4', 'd 5'])
    await buffer.add(sheet, [entry('b')])
    expect(await due()).toEqual(['a'])
  })

  test('with REDIS_REPLICAS=2 what one replica lacks is not acknowledged: no failover loses it', async () => {
    await reopen({ replicas: 2 })
    await buffer.add(sheet, [entry('a')])
    const [behind, other] = (await replicas()) as [RedisServer, RedisServer]
    const before = await setup.master()
    await behind.kill()
    await expect(buffer.add(sheet, [entry('b')])).rejects.toMatchObject(refused)
    await Promise.all([before.kill(), other.kill()])
    await failOver(behind, [before, other])
    await setup.master(2)
    await until(() => buffer.problem() === undefined)
    expect(await due()).toEqual(['a'])
    await acknowledged(() => buffer.add(sheet, [entry('b')]))
    expect(await due()).toEqual(['a', 'b'])
  })

  test('masters killed under load, REDIS_REPLICAS=2: nothing acknowledged is lost, no id has two rows', async () => {
    await reopen({ replicas: 2 })
    const { idsTwice, looks, lost } = await killMasters()
    expect([idsTwice, lost]).toEqual([0, []])
    expect(looks).toBeGreaterThanOrEqual(3)
  })

  // What may be lost so: docs/redis.md. The rows of a lost entry are given to nobody else.
  test('masters killed under load, REDIS_REPLICAS=1: no id has two rows', async () => {
    const { idsTwice, looks } = await killMasters()
    expect(idsTwice).toBe(0)
    expect(looks).toBeGreaterThanOrEqual(3)
  })

  async function killMasters() {
    const load = new Load(buffer, sheet)
    const running = load.run()
    for (let kills = 0; kills < 2; kills++) {
      const { added, looks } = load.counts()
      await until(() => load.counts().added > added + 100)
      const master = await setup.master(1)
      await master.kill()
      await until(async () => (await setup.master()) !== master)
      await master.start()
      // The sheet is looked into before more rows are given.
      await until(() => load.counts().looks > looks)
      const { inSheet } = load.counts()
      await until(() => load.counts().inSheet > inSheet)
    }
    await setup.master(2)
    load.stop()
    await running
    const there = new Set([...(await acknowledged(due)), ...load.sheet.keys()])
    const lost = load.added.filter((id) => !there.has(id))
    console.log(`masters killed: 2, ${JSON.stringify({ ...load.counts(), lost: lost.length })}`)
    return { ...load.counts(), lost }
  }
})

/** Adds from four lanes, and one flusher that fills a sheet, as the port tells it to. */
class Load {
  added: string[] = []
  sheet = new Map<string, number>()
  #looks = 0
  #lastAdd = performance.now()
  #longest = 0
  #twice = new Set<string>()
  #refused = 0
  #stopped = false
  #buffer: RowBuffer
  #spreadsheet: string

  constructor(buffer: RowBuffer, spreadsheet: string) {
    this.#buffer = buffer
    this.#spreadsheet = spreadsheet
  }

  async run(): Promise<void> {
    const lanes = [0, 1, 2, 3].map((lane) => this.#repeat(() => this.#add(lane)))
    await Promise.all([...lanes, this.#repeat(() => this.#flush())])
  }

  stop(): void {
    this.#stopped = true
  }

  counts() {
    return {
      added: this.added.length,
      inSheet: this.sheet.size,
      refused: this.#refused,
      looks: this.#looks,
      longestStallMs: Math.round(this.#longest),
      idsTwice: this.#twice.size,
    }
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      await work().catch(async (error: Error) => {
        if (error.name !== 'RetryLater') throw error
        this.#refused++
        await sleep(50)
      })
      await sleep(2)
    }
  }

  #n = 0
  async #add(lane: number): Promise<void> {
    const id = `${lane}-${String(this.#n++).padStart(8, '0')}`
    await this.#buffer.add(this.#spreadsheet, [entry(id, this.#n)])
    this.added.push(id)
    this.#longest = Math.max(this.#longest, performance.now() - this.#lastAdd)
    this.#lastAdd = performance.now()
  }

  async #write(ids: string[]): Promise<void> {
    const ledger = this.#ledger as Ledger
    const batch = await begin(ledger, ids)
    for (const id of ids) {
      if (this.sheet.has(id)) this.#twice.add(id)
      this.sheet.set(id, this.sheet.size + 2)
    }
    await ledger.end(batch, new Map(ids.map((id) => [id, this.sheet.get(id) as number])))
  }

  #ledger: Ledger | undefined
  async #flush(): Promise<void> {
    this.#ledger ??= await this.#buffer.ledger(this.#spreadsheet, 'Responses')
    if (this.#ledger.suspect) {
      this.#looks++
      await this.#ledger.trust(1, this.sheet)
    }
    const entries = await this.#buffer.due(tabOf(this.#spreadsheet), at(1e9), 50)
    const known = await this.#ledger.read(entries.map(({ id }) => id))
    if (known.batch) {
      const standing = known.batch.ids.filter((id) => this.sheet.has(id))
      const rows = new Map(standing.map((id) => [id, this.sheet.get(id) as number]))
      await this.#ledger.end(known.batch, rows)
      return
    }
    const fresh = entries.map(({ id }) => id).filter((id) => !known.rows.has(id))
    if (fresh.length > 0) await this.#write(fresh)
    // Half of them wait on, as if their flusher had been killed.
    const done = entries.filter((_, index) => index % 2 === 0).map(({ id }) => id)
    await this.#buffer.remove(this.#spreadsheet, done)
  }
}

/** Tries again as long as it is RetryLater. */
async function acknowledged<Result>(work: () => Promise<Result>): Promise<Result> {
  let result: Result | undefined
  await until(async () => {
    try {
      result = await work()
      return true
    } catch (error) {
      if ((error as Error).name !== 'RetryLater') throw error
      return false
    }
  })
  return result as Result
}
