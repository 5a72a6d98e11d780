// Compares the rows that a sheet should have with those it has, by id. Pure.
import type { Cell, Entry, RowLocation } from '../row.ts'
import { idColumn, timeColumn } from '../rows/columns.ts'
import { checksumOf, hasChecksum, isLater, toText } from './cell-text.ts'

interface ExpectedRow {
  names: string[]
  checksums: number[]
  /** Checksums of the times of its repeats: the row has the time of the first one that the task got. */
  repeats?: number[]
  /** Where the task recorded it last. */
  recorded?: RowLocation
  /** It was recorded in another spreadsheet or tab. */
  elsewhere?: true
  found: RowLocation[]
  /** Names of the columns whose cells differ, in the first place found. */
  altered: string[]
}

export interface Finding {
  id: string
  locations: RowLocation[]
  /** Names of columns. */
  altered?: string[]
  recorded?: RowLocation | undefined
}

export interface Findings {
  expected: number
  /** Rows that are not empty. */
  rows: number
  missing: Finding[]
  doubled: Finding[]
  altered: Finding[]
  moved: Finding[]
  foreign: Finding[]
}

export class Comparison {
  #expected = new Map<string, ExpectedRow>()
  /** Most rows have the same columns, so each list of names is stored once. */
  #names = new Map<string, string[]>()
  #foreign: Finding[] = []
  #rows = 0
  #start: Cell

  /** `start`: a time as the task writes it. Later submissions are ignored, as they may have arrived after the log was read. */
  constructor(start: Cell) {
    this.#start = start
  }

  /** The sheet should have this row. If an id comes twice, its answers are the same and its time is that of either. */
  expect({
    id,
    time,
    timeCell = time,
    values,
  }: Pick<Entry, 'id' | 'time' | 'timeCell' | 'values'>): void {
    const known = this.#expected.get(id)
    if (known) {
      known.repeats = [...(known.repeats ?? []), checksumOf(timeCell)]
      return
    }
    const cells = [...values, [timeColumn, timeCell] as const]
    const names = cells.map(([name]) => name)
    const key = names.join('\n')
    this.#names.set(key, this.#names.get(key) ?? names)
    this.#expected.set(id, {
      names: this.#names.get(key) as string[],
      checksums: cells.map(([, cell]) => checksumOf(cell)),
      found: [],
      altered: [],
    })
  }

  /** The task recorded the row; `undefined`: in a spreadsheet or tab that is not compared. */
  record(id: string, location: RowLocation | undefined): void {
    const expected = this.#expected.get(id)
    if (!expected) return
    delete expected.recorded
    delete expected.elsewhere
    if (location) expected.recorded = location
    else expected.elsewhere = true
  }

  /** A row of the sheet, not the header. `names`: the field of each column. */
  addRow(names: string[], cells: unknown[], location: RowLocation): void {
    if (cells.every((cell) => toText(cell) === '')) return
    this.#rows += 1
    const at = (name: string) => cells[names.indexOf(name)]
    const id = toText(at(idColumn))
    const expected = this.#expected.get(id)
    if (!expected) {
      if (isLater(at(timeColumn), this.#start)) return
      this.#foreign.push({ id: submissionId.test(id) ? id : '', locations: [location] })
      return
    }
    const { repeats = [] } = expected
    expected.found.push(location)
    if (expected.found.length > 1) return
    expected.altered = expected.names.filter((name, n) => {
      const fits = [expected.checksums[n] as number, ...(name === timeColumn ? repeats : [])]
      return names.includes(name) && !fits.some((checksum) => hasChecksum(at(name), checksum))
    })
  }

  findings(): Findings {
    const all = [...this.#expected].filter(([, { elsewhere, found }]) => !elsewhere || found.length)
    const pick = (matches: (row: ExpectedRow) => boolean) =>
      all
        .filter(([, row]) => matches(row))
        .map(([id, row]) => toFinding(id, row))
        .toSorted(byLocation)
    return {
      expected: all.length,
      rows: this.#rows,
      missing: pick(({ found }) => found.length === 0),
      doubled: pick(({ found }) => found.length > 1),
      altered: pick(({ found, altered }) => found.length === 1 && altered.length > 0),
      moved: pick(isMoved),
      foreign: this.#foreign,
    }
  }
}

const toFinding = (id: string, { found, altered, recorded }: ExpectedRow): Finding => ({
  id,
  locations: found,
  ...(altered.length > 0 && { altered }),
  ...(recorded && { recorded }),
})

/** In the order of the sheet. */
function byLocation(one: Finding, other: Finding): number {
  const a = one.locations[0] ?? one.recorded
  const b = other.locations[0] ?? other.recorded
  if (!a || !b) return Number(!a) - Number(!b)
  return titleOrder.compare(a.tab, b.tab) || a.row - b.row
}

/** `Responses 10` comes after `Responses 2`. */
const titleOrder = new Intl.Collator('en', { numeric: true })

function isMoved({ found: [location, another], recorded }: ExpectedRow): boolean {
  if (!location || another || !recorded) return false
  return location.tab !== recorded.tab || location.row !== recorded.row
}

/** Anything else in the id column was typed by a person and is not printed. */
const submissionId = /^[0-9a-f-]{32,64}$/
