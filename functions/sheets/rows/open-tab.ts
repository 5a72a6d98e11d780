// Opens a tab for writing: creates it or takes it over, and makes sure that the ledger knows which rows it has.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import type { Ledger } from '../buffer/port.ts'
import { createStamped, stamp } from '../google/stamp.ts'
import type { Tab } from '../google/tab.ts'
import type { TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column } from '../row.ts'
import { TabView } from './tab-view.ts'

export interface OpenTabOptions {
  tab: Tab
  ledger: Ledger
  /** Which part of the ledger's tabs this is. */
  part: number
  /** Time limit for a call to Sheets, ms: afterwards it has taken effect or never will. */
  timeout: number
}

export class OpenTab {
  readonly view: TabView
  #options: OpenTabOptions

  constructor(options: OpenTabOptions) {
    this.#options = options
    this.view = new TabView(options.tab, (snapshot) => this.#requireOwned(snapshot))
  }

  /**
   * False if the tab has no stamp or does not exist. If it has one, `open` does not check again: people may remove the stamp in
   * between, and a tab must not be taken over before the tabs that it rotated to.
   */
  async isStamped(): Promise<boolean> {
    if (this.view.latest) return true
    const snapshot = await this.#options.tab.read()
    if (snapshot?.stamp === undefined) return false
    this.#requireOwned(snapshot)
    this.view.latest = snapshot
    return true
  }

  /** `columns`: for the header of a new tab. */
  async open(columns: Column[]): Promise<TabSnapshot> {
    if (this.#options.ledger.suspect) this.view.forget()
    this.view.latest ??= await this.#open(columns)
    return this.view.latest
  }

  async #open(columns: Column[]): Promise<TabSnapshot> {
    const { tab, ledger, part, timeout } = this.#options
    const snapshot = await tab.read()
    if (!snapshot) {
      await createStamped(tab, ledger.owner, columns)
      // After creating it, which fails if the tab was only renamed: its rows are kept then.
      await ledger.rebuild(part, new Map())
      return this.#open(columns)
    }
    if (snapshot.stamp === undefined) {
      await ledger.rebuild(part, (await this.view.findIds(snapshot)) ?? new Map())
      await stamp(tab, snapshot, ledger.owner)
      return { ...snapshot, stamp: ledger.owner }
    }
    this.#requireOwned(snapshot)
    if (ledger.suspect) {
      // Another instance may have made a call that has not taken effect yet.
      await delay(timeout)
      await ledger.trust(part, (await this.view.findIds(snapshot)) ?? new Map())
    }
    return snapshot
  }

  #requireOwned({ stamp: found }: TabSnapshot): void {
    const { tab, ledger } = this.#options
    if (found === ledger.owner) return
    const text = found === undefined ? 'no stamp' : `the stamp of ledger ${found}`
    throw new RetryLater(
      `Expected the tab ${tab.name} to carry the stamp of this row ledger, ${ledger.owner}, found ${text}: ` +
        'nothing is written; npm run sheets -- adopt <form> takes the tab over',
    )
  }
}
