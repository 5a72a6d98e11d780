// A tab and those it rotated to, `Responses`, `Responses 2`…: each batch goes to the places that the ledger decides.
import type { Entry, Ledger } from './buffer.ts'
import { countLate } from './metrics.ts'
import type { Tab } from './tab.ts'
import { Writer } from './writer.ts'

export interface SeriesOptions {
  /** The tab of a title, in the spreadsheet. */
  tab: (title: string) => Tab
  /** Titles of all tabs of the spreadsheet. */
  titles: () => Promise<string[]>
  ledger: Ledger
  title: string
  /** Before a tab would have more, rows go to the next one. */
  maxCells: number
  timeout: number
}

export interface Recorded {
  tab: string
  row: number
}

export class Series {
  #options: SeriesOptions
  #writers = new Map<number, Writer>()
  /** The ledger knows what stands in all the tabs. */
  #known = false

  constructor(options: SeriesOptions) {
    this.#options = options
  }

  /** Resolves when all stand in the sheet. `entries`: in order, each id once. */
  async write(entries: Entry[]): Promise<Map<string, Recorded>> {
    try {
      this.#known ||= await this.#isOurs()
      if (this.#options.ledger.suspect || !this.#known) await this.#lookIntoAll()
      this.#known = true
      return await this.#write(entries)
    } catch (error) {
      // A tab of another ledger may be adopted until the next time.
      this.#known = false
      throw error
    }
  }

  async #write(entries: Entry[]): Promise<Map<string, Recorded>> {
    const { ledger, maxCells } = this.#options
    const columns = await this.#writer(await ledger.part()).open()
    const allocations = await ledger.allocate(entries, Math.floor(maxCells / columns))
    countLate(allocations.filter(({ late }) => late).length)
    const recorded = new Map<string, Recorded>()
    for (const [part, own] of Map.groupBy(allocations, (one) => one.part)) {
      const ids = new Set(own.map(({ id }) => id))
      const rows = await this.#writer(part).write(
        entries.filter(({ id }) => ids.has(id)),
        own,
      )
      const tab = this.#titleOf(part)
      for (const { id } of own) recorded.set(id, { tab, row: rows.get(id) as number })
    }
    return recorded
  }

  /** Without a stamp on its first tab another ledger's was lost: what it rotated to is to be taken over, too. */
  async #isOurs(): Promise<boolean> {
    return (await this.#options.ledger.part()) > 1 || (await this.#writer(1).isStamped())
  }

  /** The last one first: part 1 lets the ledger give rows again. */
  async #lookIntoAll(): Promise<void> {
    const { titles, ledger } = this.#options
    const standing = new Set(await titles())
    // Also one whose number was given but whose tab was not made yet, or that the ledger forgot.
    let last = await ledger.part()
    while (standing.has(this.#titleOf(last + 1))) last += 1
    for (let part = last; part >= 1; part--) await this.#writer(part).open()
  }

  #titleOf(part: number): string {
    const { title } = this.#options
    return part === 1 ? title : `${title} ${part}`
  }

  #writer(part: number): Writer {
    const known = this.#writers.get(part)
    if (known) return known
    const { tab, ledger, timeout } = this.#options
    const writer = new Writer({ tab: tab(this.#titleOf(part)), ledger, part, timeout })
    this.#writers.set(part, writer)
    return writer
  }
}
