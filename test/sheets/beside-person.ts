// Submissions that are written while a person edits the sheet: calls are slow, answers get lost, tabs rotate, and where there is
// Redis two instances take turns. Counts what came of each submission and of each cell of the person's.
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
  /** Milliseconds for each call, and the share of writes whose answer is lost. */
  latencyMs: number
  lost: number
  /** Milliseconds between two edits. */
  every: number
  /** Cells of a tab before the next one is made. */
  tabCells: number
  /** Several instances share it; without it there is one. */
  redis?: string
}

export interface BesideCounts {
  rows: number
  tabs: number
  missing: number
  doubled: number
  /** Submissions with a value in another column than its field's, or with another value. */
  misplaced: number
  /** Said never, or with two different ids. */
  unrecorded: number
  /** Cells of the person's that are gone, or stand more than once. */
  changed: number
  edits: number
  own: number
  calls: number
  seconds: number
}

/** 0 where all is well. */
export const wrongOf = ({
  missing,
  doubled,
  misplaced,
  unrecorded,
  changed,
}: BesideCounts): number => missing + doubled + misplaced + unrecorded + changed

const spreadsheet = 'survey'
const start = Date.parse('2026-01-01T00:00:00.000Z')

export async function besidePerson(given: Beside): Promise<BesideCounts & { kinds: object }> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-person-'))
  const began = performance.now()
  const emulator = await startEmulator(folder)
  await emulator.setFaults({ latencyMs: given.latencyMs, rateAppliedButLost: given.lost })
  const said = new Map<string, Set<string>>()
  const instances = await openInstances(given, { folder, url: emulator.url, said })
  const random = randomFrom(given.seed)
  const person = new Person(join(folder, 'sheets-emulator.sqlite'), spreadsheet, random)
  const editing = setInterval(() => person.edit(), given.every)
  await addAll(instances, given.submissions)
  while (said.size < given.submissions) await delay(50)
  clearInterval(editing)
  for (const one of instances) await one.close?.()
  const { reads, writes } = await emulator.stats()
  const counts = count(person, given.submissions)
  const unrecorded = given.submissions - [...said.values()].filter((ids) => ids.size === 1).length
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
  { folder, url, said }: { folder: string; url: string; said: Map<string, Set<string>> },
): Promise<Sheets[]> {
  const publish = async ({ subject, id }: Cause) => {
    said.set(subject, (said.get(subject) ?? new Set()).add(id))
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
      return openSheets(config, { log, emit: publish, optionsOf: () => undefined })
    }),
  )
}

/** In small groups, so that there are many batches. */
async function addAll(instances: Sheets[], submissions: number): Promise<void> {
  const group = 10
  for (let n = 0; n < submissions; n += group) {
    const some = Array.from({ length: Math.min(group, submissions - n) }, (_, index) => n + index)
    const to = instances[(n / group) % instances.length] as Sheets
    await Promise.all(some.map((one) => to.add(spreadsheet, entryOf(one, submissions))))
    await delay(20)
  }
}

/** From the middle on the form has one more field. */
function entryOf(n: number, of: number): Entry {
  const id = idOf(n)
  const time = new Date(start + n).toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'survey' }
  return { id, time, tab: 'Responses', cause, values: valuesOf(n, of) }
}

const idOf = (n: number): string => `submission-${String(n).padStart(6, '0')}`

function valuesOf(n: number, of: number): [string, string | number][] {
  const values: [string, string | number][] = [
    ['text', `=answer ${n}`],
    ['number', n],
  ]
  return n < of / 2 ? values : [...values, ['more', `more of ${n}`]]
}

function count(person: Person, submissions: number) {
  const places = new Map<string, number>()
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
      places.set(String(id), (places.get(String(id)) ?? 0) + 1)
      const n = Number(String(id).slice('submission-'.length))
      const expected = [
        ['id', id],
        ['submitted at', new Date(start + n).toISOString()],
      ]
      const right = [...expected, ...valuesOf(n, submissions)].every(
        ([name, value]) => at(String(name)) === value,
      )
      if (!right) misplaced += 1
    }
  }
  const ids = Array.from({ length: submissions }, (_, n) => idOf(n))
  return {
    rows: [...places.values()].reduce((sum, times) => sum + times, 0),
    tabs: tabs.length,
    missing: ids.filter((id) => !places.has(id)).length,
    doubled: [...places.values()].filter((times) => times > 1).length,
    misplaced,
    changed: [...person.own].filter((text) => texts.get(text) !== 1).length,
    own: person.own.size,
  }
}
