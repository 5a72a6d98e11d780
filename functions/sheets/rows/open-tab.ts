// A tab whose ledger knows what stands in it, and whose header is followed wherever people move it.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import type { Ledger } from '../buffer/port.ts'
import { Blocked } from '../google/errors.ts'
import type { Tab } from '../google/tab.ts'
import type { Asked, Look } from '../google/tab-snapshot.ts'
import { type Field, idColumn, isHeader, ownFields } from './columns.ts'
import { seekHeader, withoutHeader } from './find-header-row.ts'
import { columnsIn } from './insertion-point.ts'

export interface Opening {
  tab: Tab
  ledger: Ledger
  /** Which of the tabs that the ledger numbers together this is. */
  part: number
  /** Milliseconds after which a call to Sheets has had its effect or never will. */
  timeout: number
}

/** Id of a submission to the number of its row. */
export type Rows = Map<string, number>
export type Spans = NonNullable<Asked['spans']>

export class OpenTab {
  #options: Opening
  #look: Look | undefined
  #headerRow = 1
  /** The header was looked for in all the tab, in vain. */
  #sought = false

  constructor(options: Opening) {
    this.#options = options
  }

  get tab(): Tab {
    return this.#options.tab
  }

  /** Somebody may have changed the tab: it is opened anew. */
  forget(): void {
    this.#look = undefined
    this.#headerRow = 1
    this.#sought = false
  }

  /** People may have put a header back: `see` looks for it once more. False where none was looked for in vain. */
  seekAgain(): boolean {
    const sought = this.#sought
    this.#sought = false
    return sought
  }

  /** What a call that we made has left. */
  saw(look: Look): void {
    this.#look = look
  }

  /**
   * False where the tab carries no stamp, or is not there. A stamp that was seen is not looked for again by `open`: it may be
   * taken off between, and a tab is not taken over before those that it rotated to.
   */
  async isStamped(): Promise<boolean> {
    if (this.#look) return true
    const first = await this.tab.look()
    if (first?.stamp === undefined) return false
    this.#check(first)
    this.#look = first
    return true
  }

  /** Makes the tab where it is missing, and makes sure that the ledger knows what stands in it. */
  async open(fields: Field[]): Promise<Look> {
    if (this.#options.ledger.suspect) this.forget()
    this.#look ??= await this.#open(fields)
    return this.#look
  }

  async #open(fields: Field[]): Promise<Look> {
    const { tab, ledger, part, timeout } = this.#options
    const first = await tab.look()
    if (!first) {
      await tab.create(ledger.owner, fields)
      // Only now: a tab that was only renamed keeps its rows.
      await ledger.rebuild(part, new Map())
      return this.#open(fields)
    }
    if (first.stamp === undefined) {
      // A tab that no ledger has stamped, by its id column, where it has one.
      await ledger.rebuild(part, (await this.#ids(first)) ?? new Map())
      await tab.stamp(first, ledger.owner)
      return { ...first, stamp: ledger.owner }
    }
    this.#check(first)
    if (ledger.suspect) {
      // Until a call that another instance made has had its effect, too.
      await delay(timeout)
      await ledger.trust(part, (await this.#ids(first)) ?? new Map())
    }
    return first
  }

  #check({ stamp }: Look): void {
    const { tab, ledger } = this.#options
    if (stamp === ledger.owner) return
    const found = stamp === undefined ? 'no stamp' : `the stamp of ledger ${stamp}`
    throw new RetryLater(
      `Expected the tab ${tab.name} to carry the stamp of this row ledger, ${ledger.owner}, found ${found}: ` +
        'nothing is written; npm run sheets -- adopt <form> takes the tab over',
    )
  }

  /** One request tells the stamp, the grid, the header and the rows that are asked for. */
  async see(spansOf: (rowCount: number) => Spans = () => []): Promise<Look> {
    for (let looks = 0; ; looks++) {
      try {
        const { rowCount } = this.#look ?? (await this.#see([]))
        return await this.#see(spansOf(rowCount))
      } catch (error) {
        // Where rows were deleted since the last look, what is asked for may lie outside the grid.
        if (!/exceeds grid limits/i.test((error as Error).message) || looks === 3) throw error
        this.#look = undefined
        this.#headerRow = 1
      }
    }
  }

  async #see(spans: Spans): Promise<Look> {
    const look = await this.#lookAt({ spans })
    this.#check(look)
    const seen = await this.#withHeader(look)
    if (seen.headerRow !== look.headerRow) return this.#see(spans)
    this.#look = seen
    return seen
  }

  async #lookAt(asked: Omit<Asked, 'headerRow'>): Promise<Look> {
    const look = await this.tab.look({ ...asked, headerRow: this.#headerRow })
    if (!look) throw new RetryLater(`The tab ${this.tab.name} is gone; it is made again`)
    return look
  }

  /** With another number of the header row where that has moved: then it is to be looked at again. */
  async #withHeader(look: Look): Promise<Look> {
    if (isHeader(look.header)) return look
    if (!this.#sought) {
      const row = await seekHeader(this.tab, look)
      this.#sought = row === undefined
      this.#headerRow = row ?? 1
      if (row !== undefined && row !== look.headerRow) return { ...look, headerRow: row }
    }
    return withoutHeader(look)
  }

  async ids(known: Look): Promise<Rows> {
    const ids = await this.#ids(known)
    if (!ids) throw this.blocked()
    return ids
  }

  /** Of the whole tab, in one request; undefined where there is no column of ids. */
  async #ids(known: Look): Promise<Rows | undefined> {
    const column = idColumnOf(known)
    const found = await this.#lookAt(column === -1 ? {} : { column })
    const look = await this.#withHeader(found)
    // People moved it between two looks.
    if (idColumnOf(look) !== column || look.headerRow !== found.headerRow) return this.#ids(look)
    return column === -1 ? undefined : new Map([...look.column].map(([row, id]) => [id, row]))
  }

  blocked(): Blocked {
    return new Blocked(
      `Expected the tab ${this.tab.name} to have a column headed "${idColumn}" with the ids of its rows, found none: write ` +
        `"${idColumn}" above them again, bring the column back from the version history, or name another tab in the form's file`,
    )
  }
}

/** -1 where there is none. */
export const idColumnOf = (look: Look): number => columnsIn(look, ownFields).at.get(idColumn) ?? -1
