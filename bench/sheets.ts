// Writing to a sheet that has 1,000, 10,000 or 100,000 rows already: rows per second and rows per call, with 100 ms for each call
// to the emulator. And rows per call at Google's quota.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { Config } from '../functions/sheets/config.ts'
import { openSheets, type Sheets } from '../functions/sheets/open-sheets.ts'
import type { Entry } from '../functions/sheets/row.ts'
import { type Emulator, startEmulator } from '../test/sheets/emulator.ts'
import { type Spread, show, spread } from './parts/spread.ts'

const sizes = [1000, 10_000, 100_000]
const rounds = 3
/** Rows per round. */
const rows = 5000

interface Writer {
  /** Adds rows and resolves when all are recorded. */
  write: (count: number) => Promise<void>
  close: () => Promise<void>
}

export default async function sheets(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const emulator = await startEmulator(folder)
  const writer = await open(folder, emulator, 100_000)
  const bySize = await measureBySize(writer, emulator)
  await writer.close()
  const atQuota = await measureAtQuota(join(folder, 'quota'), emulator)
  emulator.stop()
  await rm(folder, { recursive: true })
  return { rows, bySize, atQuota }
}

async function measureBySize(writer: Writer, emulator: Emulator) {
  const bySize: Record<number, { rowsPerSecond: Spread; rowsPerCall: Spread }> = {}
  let existing = 0
  for (const size of sizes) {
    await emulator.setFaults({})
    await writer.write(size - existing)
    await emulator.setFaults({ latencyMs: 100 })
    const [perSecond, perCall]: [number[], number[]] = [[], []]
    for (let n = 0; n < rounds; n++) {
      const before = await callsOf(emulator)
      const began = performance.now()
      await writer.write(rows)
      perSecond.push(rows / ((performance.now() - began) / 1000))
      perCall.push(rows / ((await callsOf(emulator)) - before))
    }
    existing = size + rounds * rows
    bySize[size] = { rowsPerSecond: spread(perSecond), rowsPerCall: spread(perCall) }
    console.log(
      `  from ${size} rows on: ${show(spread(perSecond), ' rows/s')}, ${show(spread(perCall), ' rows/call')}`,
    )
  }
  return bySize
}

/** 60,000 rows at once, with Google's limit of 60 writes per minute. */
async function measureAtQuota(folder: string, emulator: Emulator) {
  const writer = await open(folder, emulator, 60)
  await emulator.setFaults({ latencyMs: 100, quota: true })
  const count = 60_000
  const before = await callsOf(emulator)
  const began = performance.now()
  await writer.write(count)
  const seconds = (performance.now() - began) / 1000
  const calls = (await callsOf(emulator)) - before
  await writer.close()
  console.log(`  at the quota: ${count} rows in ${seconds.toFixed(1)} s with ${calls} calls`)
  return { rows: count, seconds, calls, rowsPerCall: count / calls }
}

async function callsOf({ stats }: Emulator): Promise<number> {
  const { reads, writes } = await stats()
  return reads + writes
}

async function open(folder: string, { url }: Emulator, callsPerMinute: number): Promise<Writer> {
  await mkdir(folder, { recursive: true })
  const config = Config.parse({
    DATA_DIR: folder,
    SHEETS_ROOT_URL: `${url}/`,
    SHEETS_BATCH_MS: 20,
    SHEETS_WATERMARK_MS: 0,
    SHEETS_CALLS_PER_MINUTE: callsPerMinute,
  })
  let recorded = 0
  const opened: Sheets = await openSheets(config, {
    log: pino({ level: 'error' }),
    emit: async () => {
      recorded += 1
    },
    optionsOf: () => undefined,
    formOf: () => undefined,
  })
  const spreadsheet = `bench-${callsPerMinute}`
  let next = 0
  return {
    async write(count) {
      const wanted = recorded + count
      for (let n = 0; n < count; n += 1000) {
        const some = Array.from({ length: Math.min(1000, count - n) }, () => entryOf(next++))
        await Promise.all(some.map((entry) => opened.add(spreadsheet, entry)))
      }
      while (recorded < wanted) await delay(5)
    },
    close: async () => opened.close?.(),
  }
}

function entryOf(n: number): Entry {
  const id = `submission-${String(n).padStart(7, '0')}`
  const time = new Date().toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'bench' }
  const values = Array.from({ length: 8 }, (_, field) => [`field ${field}`, `answer ${n}`] as const)
  return { id, time, tab: 'Responses', cause, values: values.map(([name, cell]) => [name, cell]) }
}
