// Writes submissions while a person edits the sheet, with slow calls, lost responses and rotating tabs, and with two instances if
// there is Redis. Counts wrong rows, and cells of the person that were changed.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import type { Cause } from '#kit/define-task.ts'
import { Config } from '../../functions/sheets/config.ts'
import { openSheets, type Sheets } from '../../functions/sheets/open-sheets.ts'
import type { Entry } from '../../functions/sheets/row.ts'
import { startEmulator } from './emulator.ts'
import { Person } from './person.ts'
import { randomFrom } from './random.ts'

export interface Beside {
  seed: number
  submissions: number
  /** Duration of each call. */
  latencyMs: number
  /** Share of writes whose response is lost, 0 to 1. */
  lost: number
  /** Interval between edits, ms. */
  every: number
  /** Maximum number of cells of a tab. */
  tabCells: number
  /** URL of a Redis that two instances share. Without it there is one instance. */
  redis?: string
}

export interface BesideCounts {
  rows: number
  tabs: number
  missing: number
  doubled: number
  /** Submissions with a wrong value in the column of a field. */
  misplaced: number
  /** Submissions without a `recorded` event, or with two different ones. */
  unrecorded: number
  /** Cells of the person that are missing or duplicated. */
  changed: number
  edits: number
  own: number
  calls: number
  seconds: number
}

/** Total of all errors. Expected: 0. */
export const wrongOf = ({
  missing,
  doubled,
  misplaced,
  unrecorded,
  changed,
}: BesideCounts): number => missing + doubled + misplaced + unrecorded + changed

const spreadsheet = 'survey'
const start = Date.parse('2026-01-01T00:00:00.000Z')

export async function besidePerson(options: Beside): Promise<BesideCounts & { kinds: object }> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-person-'))
  const began = performance.now()
  const emulator = await startEmulator(folder)
  await emulator.setFaults({ latencyMs: options.latencyMs, rateAppliedButLost: options.lost })
  const published = new Map<string, Set<string>>()
  const instances = await openInstances(options, { folder, url: emulator.url, published })
  const random = randomFrom(options.seed)
  const person = new Person(join(folder, 'sheets-emulator.sqlite'), spreadsheet, random)
  const editing = setInterval(() => person.edit(), options.every)
  await addAll(instances, options.submissions)
  while (published.size < options.submissions) await delay(50)
  clearInterval(editing)
  for (const one of instances) await one.close?.()
  const { reads, writes } = await emulator.stats()
  const counts = count(person, options.submissions)
  const unrecorded =
    options.submissions - [...published.values()].filter((ids) => ids.size === 1).length
  person.close()
  emulator.stop()
  await rm(folder, { recursive: true })
  const { refused = 0, ...kinds } = person.done
  const edits = Object.values(kinds).reduce((sum, times) => sum + times, 0)
  return {
    ...counts,
    unrecorded,
    edits,
    calls: reads + writes,
    seconds: (performance.now() - began) / 1000,
    kinds: { ...kinds, refused },
  }
}

async function openInstances(
  { redis, tabCells }: Beside,
  { folder, url, published }: { folder: string; url: string; published: Map<string, Set<string>> },
): Promise<Sheets[]> {
  const publish = async ({ subject, id }: Cause) => {
    published.set(subject, (published.get(subject) ?? new Set()).add(id))
  }
  const names = redis ? ['one', 'two'] : ['one']
  return Promise.all(
    names.map(async (name) => {
      const DATA_DIR = join(folder, name)
      await mkdir(DATA_DIR)
      const config = Config.parse({
        DATA_DIR,
        SHEETS_ROOT_URL: `${url}/`,
        SHEETS_BATCH_MS: 50,
        SHEETS_WATERMARK_MS: 0,
        SHEETS_TIMEOUT_MS: 2000,
        SHEETS_CALLS_PER_MINUTE: 100_000,
        SHEETS_TAB_CELLS: tabCells,
        ...(redis && { REDIS_URL: redis }),
      })
      const log = pino({ level: process.env.SHOW ? 'info' : 'silent' })
      return openSheets(config, {
        log,
        emit: publish,
        optionsOf: () => undefined,
        formOf: () => undefined,
      })
    }),
  )
}

/** Adds entries in small groups, so that there are many batches. */
async function addAll(instances: Sheets[], submissions: number): Promise<void> {
  const group = 10
  for (let n = 0; n < submissions; n += group) {
    const some = Array.from({ length: Math.min(group, submissions - n) }, (_, index) => n + index)
    const to = instances[(n / group) % instances.length] as Sheets
    await Promise.all(some.map((one) => to.add(spreadsheet, entryOf(one, submissions))))
    await delay(20)
  }
}

/** The second half of the submissions has one more field. */
function entryOf(n: number, total: number): Entry {
  const id = idOf(n)
  const time = new Date(start + n).toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'survey' }
  return { id, time, tab: 'Responses', cause, values: valuesOf(n, total) }
}

const idOf = (n: number): string => `submission-${String(n).padStart(6, '0')}`

function valuesOf(n: number, total: number): [string, string | number][] {
  const values: [string, string | number][] = [
    ['text', `=answer ${n}`],
    ['number', n],
  ]
  return n < total / 2 ? values : [...values, ['more', `more of ${n}`]]
}

function count(person: Person, submissions: number) {
  const rowCounts = new Map<string, number>()
  const texts = new Map<string, number>()
  let misplaced = 0
  const tabs = person.read()
  for (const { lines, columns } of tabs) {
    for (const { cells } of lines) {
      for (const cell of cells) {
        if (typeof cell === 'string' && person.own.has(cell))
          texts.set(cell, (texts.get(cell) ?? 0) + 1)
      }
      const at = (name: string) => cells[columns.get(name) ?? -1] ?? null
      const id = cells.find((cell) => String(cell).startsWith('submission-'))
      if (!id) continue
      rowCounts.set(String(id), (rowCounts.get(String(id)) ?? 0) + 1)
      const n = Number(String(id).slice('submission-'.length))
      const expected = [
        ['id', id],
        ['submitted at', new Date(start + n).toISOString()],
      ]
      const correct = [...expected, ...valuesOf(n, submissions)].every(
        ([name, value]) => at(String(name)) === value,
      )
      if (!correct) misplaced += 1
    }
  }
  const ids = Array.from({ length: submissions }, (_, n) => idOf(n))
  return {
    rows: [...rowCounts.values()].reduce((sum, times) => sum + times, 0),
    tabs: tabs.length,
    missing: ids.filter((id) => !rowCounts.has(id)).length,
    doubled: [...rowCounts.values()].filter((times) => times > 1).length,
    misplaced,
    changed: [...person.own].filter((text) => texts.get(text) !== 1).length,
    own: person.own.size,
  }
}
