// Compares what should stand in a sheet with what stands there: by id, never by number. Pure.
import type { Entry } from '../buffer/port.ts'
import { type Cell, idColumn, timeColumn } from '../rows/columns.ts'
import { isAsWritten, isLater, sumOf, toText } from './cell-text.ts'

export interface Spot {
  tab: string
  row: number
}

/** A row that should stand. Its cells are kept as checksums. */
interface Expected {
  names: string[]
  sums: number[]
  /** Where the task said last that it stands. */
  recorded?: Spot
  /** It was recorded in another spreadsheet, or in another series of tabs. */
  elsewhere?: true
  found: Spot[]
  /** Columns whose cells differ, of the first spot. */
  altered: string[]
}

type Expectable = Pick<Entry, 'id' | 'time' | 'timeCell' | 'values'>

export interface Finding {
  id: string
  spots: Spot[]
  /** Columns. */
  altered?: string[]
  recorded?: Spot | undefined
}

export interface Findings {
  expected: number
  /** Rows that hold something. */
  rows: number
  missing: Finding[]
  doubled: Finding[]
  altered: Finding[]
  moved: Finding[]
  foreign: Finding[]
}

export class Comparison {
  #expected = new Map<string, Expected>()
  /** Most rows have the same columns: their names are kept once. */
  #names = new Map<string, string[]>()
  #foreign: Finding[] = []
  #rows = 0
  #began: Cell

  /** `began`, as the task writes times: what was submitted then or later is not judged, it may have come after the log was read. */
  constructor(began: Cell) {
    this.#began = began
  }

  /** The row should stand; of an id that comes again the first counts. */
  expect({ id, time, timeCell = time, values }: Expectable): void {
    if (this.#expected.has(id)) return
    const cells = [...values, [timeColumn, timeCell] as const]
    const names = cells.map(([name]) => name)
    const key = names.join('\n')
    this.#names.set(key, this.#names.get(key) ?? names)
    this.#expected.set(id, {
      names: this.#names.get(key) as string[],
      sums: cells.map(([, cell]) => sumOf(cell)),
      found: [],
      altered: [],
    })
  }

  /** The task said that the row stands; `undefined`: in another place than the one that is compared. */
  record(id: string, spot: Spot | undefined): void {
    const expected = this.#expected.get(id)
    if (!expected) return
    delete expected.recorded
    delete expected.elsewhere
    if (spot) expected.recorded = spot
    else expected.elsewhere = true
  }

  /** A row that is not the header. `names`: the fields of its columns. */
  see(names: string[], cells: unknown[], spot: Spot): void {
    if (cells.every((cell) => toText(cell) === '')) return
    this.#rows += 1
    const at = (name: string) => cells[names.indexOf(name)]
    const id = toText(at(idColumn))
    const expected = this.#expected.get(id)
    if (!expected) {
      if (isLater(at(timeColumn), this.#began)) return
      this.#foreign.push({ id: ours.test(id) ? id : '', spots: [spot] })
      return
    }
    expected.found.push(spot)
    if (expected.found.length > 1) return
    expected.altered = expected.names.filter(
      (name, n) => names.includes(name) && !isAsWritten(at(name), expected.sums[n] as number),
    )
  }

  findings(): Findings {
    const all = [...this.#expected].filter(([, { elsewhere, found }]) => !elsewhere || found.length)
    const pick = (is: (one: Expected) => boolean) =>
      all
        .filter(([, one]) => is(one))
        .map(([id, one]) => toFinding(id, one))
        .toSorted(byPlace)
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

const toFinding = (id: string, { found, altered, recorded }: Expected): Finding => ({
  id,
  spots: found,
  ...(altered.length > 0 && { altered }),
  ...(recorded && { recorded }),
})

/** As they stand, or stood. */
function byPlace(one: Finding, other: Finding): number {
  const a = one.spots[0] ?? one.recorded
  const b = other.spots[0] ?? other.recorded
  if (!a || !b) return Number(!a) - Number(!b)
  return titles.compare(a.tab, b.tab) || a.row - b.row
}

/** `Responses 10` comes after `Responses 2`. */
const titles = new Intl.Collator('en', { numeric: true })

function isMoved({ found: [spot, another], recorded }: Expected): boolean {
  if (!spot || another || !recorded) return false
  return spot.tab !== recorded.tab || spot.row !== recorded.row
}

/** What a person typed into the id column is not shown. */
const ours = /^[0-9a-f-]{32,64}$/
