// A tab and the tabs it rotated to, numbered as parts: `Responses` is part 1, `Responses 2` is part 2.
import type { Ledger } from '../buffer/port.ts'
import type { SheetsApi } from '../google/client.ts'
import { Tab, titlesOf } from '../google/tab.ts'
import type { Column } from '../row.ts'
import { isSameTitle, partsAmong, type Target, titleOfPart } from '../target.ts'
import { RowWriter } from './write-rows.ts'

export interface RotatedTabsOptions {
  /** Returns the tab of that title in the spreadsheet. */
  tab: (title: string) => Tab
  /** Returns the titles of all tabs of the spreadsheet. */
  titles: () => Promise<string[]>
  ledger: Ledger
  /** Title of part 1. */
  title: string
  /** Time limit for a call to Sheets, ms. */
  timeout: number
}

export class RotatedTabs {
  #options: RotatedTabsOptions
  #writers = new Map<number, RowWriter>()
  /** The ledger is known to have the rows of every part. */
  #ready = false

  constructor(options: RotatedTabsOptions) {
    this.#options = options
  }

  titleOf(part: number): string {
    return titleOfPart(this.#options.title, part)
  }

  writer(part: number): RowWriter {
    const known = this.#writers.get(part)
    if (known) return known
    const { tab, ledger, timeout } = this.#options
    const writer = new RowWriter({ tab: tab(this.titleOf(part)), ledger, part, timeout })
    this.#writers.set(part, writer)
    return writer
  }

  /** Makes sure that the ledger has the rows of every part. */
  async open(columns: Column[]): Promise<void> {
    this.#ready ||= await this.#isOurs()
    if (this.#options.ledger.suspect || !this.#ready) await this.#openAll(columns)
    this.#ready = true
  }

  /** If part 1 has no stamp, the ledger was lost, and the tabs it rotated to have to be taken over as well. */
  async #isOurs(): Promise<boolean> {
    return (await this.#options.ledger.lastPart()) > 1 || (await this.writer(1).openTab.isStamped())
  }

  /** From the last part to the first, since part 1 makes the ledger writable again. */
  async #openAll(columns: Column[]): Promise<void> {
    const { titles, ledger } = this.#options
    const existing = await titles()
    const exists = (part: number) =>
      existing.some((title) => isSameTitle(title, this.titleOf(part)))
    // The ledger may name a part whose tab was not created yet, and may have lost a rotation.
    let last = await ledger.lastPart()
    while (exists(last + 1)) last += 1
    for (let part = last; part >= 1; part--) await this.writer(part).openTab.open(columns)
  }

  /** Call after an error: until the next time people may change a tab, or another ledger may adopt it. */
  forget(): void {
    this.#ready = false
    for (const { openTab } of this.#writers.values()) openTab.view.forget()
  }
}

/** The parts that exist, part 1 first. */
export async function existingParts(api: SheetsApi, { spreadsheet, tab }: Target): Promise<Tab[]> {
  const titles = partsAmong(tab, await titlesOf(api, spreadsheet))
  return titles.map((title) => new Tab(api, spreadsheet, title))
}
