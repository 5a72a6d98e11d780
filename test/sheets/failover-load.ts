// Kills Redis masters under load, and counts lost entries and ids with two rows.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger, RowBuffer } from '../../functions/sheets/buffer/port.ts'
import { until } from '../until.ts'
import { at, begin, entry, tabOf } from './buffer-entries.ts'
import type { RedisSetup } from './redis.ts'

interface UnderLoad {
  setup: RedisSetup
  buffer: RowBuffer
  /** Id of a spreadsheet without rows. */
  sheet: string
}

/** Kills the master `times` times, each after the failover of the one before, when rows are written again. */
export async function killMasters({ setup, buffer, sheet }: UnderLoad, times: number) {
  const load = new Load(buffer, sheet)
  const running = load.run()
  for (let kills = 0; kills < times; kills++) {
    const { added, rebuilds } = load.counts()
    await until(() => load.counts().added > added + 100)
    const master = await setup.master(1)
    await master.kill()
    await until(async () => (await setup.master()) !== master)
    await master.start()
    // The flusher rebuilds the ledger from the sheet before it records more rows.
    await until(() => load.counts().rebuilds > rebuilds)
    const { inSheet } = load.counts()
    await until(() => load.counts().inSheet > inSheet)
  }
  await setup.master(2)
  load.stop()
  await running
  const due = () => buffer.due(tabOf(sheet), at(1e9), 1e5)
  const waiting = (await acknowledged(due)).map(({ id }) => id)
  const found = new Set([...waiting, ...load.sheet.keys()])
  const lost = load.added.filter((id) => !found.has(id))
  console.log(
    `masters killed: ${times}, ${JSON.stringify({ ...load.counts(), lost: lost.length })}`,
  )
  return { ...load.counts(), lost }
}

/** Four tasks that add entries, and one flusher that writes them to a map in the place of a sheet. */
class Load {
  added: string[] = []
  sheet = new Map<string, number>()
  #rebuilds = 0
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
    const adders = [0, 1, 2, 3].map((number) => this.#repeat(() => this.#add(number)))
    await Promise.all([...adders, this.#repeat(() => this.#flush())])
  }

  stop(): void {
    this.#stopped = true
  }

  counts() {
    return {
      added: this.added.length,
      inSheet: this.sheet.size,
      refused: this.#refused,
      rebuilds: this.#rebuilds,
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
  async #add(adder: number): Promise<void> {
    const id = `${adder}-${String(this.#n++).padStart(8, '0')}`
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
      this.#rebuilds++
      await this.#ledger.trust(1, this.sheet)
    }
    const entries = await this.#buffer.due(tabOf(this.#spreadsheet), at(1e9), 50)
    const known = await this.#ledger.read(entries.map(({ id }) => id))
    if (known.batch) {
      const written = known.batch.ids.filter((id) => this.sheet.has(id))
      const rows = new Map(written.map((id) => [id, this.sheet.get(id) as number]))
      await this.#ledger.end(known.batch, rows)
      return
    }
    const fresh = entries.map(({ id }) => id).filter((id) => !known.rows.has(id))
    if (fresh.length > 0) await this.#write(fresh)
    // Half of the entries are not removed, as if the flusher had been killed.
    const done = entries.filter((_, index) => index % 2 === 0).map(({ id }) => id)
    await this.#buffer.remove(this.#spreadsheet, done)
  }
}

/** Repeats `work` while it throws RetryLater. */
export async function acknowledged<Result>(work: () => Promise<Result>): Promise<Result> {
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
