// The entries that wait in the SQLite file, each for one tab.
import type { Entry } from '../../row.ts'
import { foldTitle, type Target } from '../../target.ts'
import type { Insert } from '../coalesce-inserts.ts'
import type { WaitingRows } from '../port.ts'
import type { SqliteFile } from './file.ts'
import { upgradeEntries } from './upgrade.ts'

// `title`: the spelling that each tab is known by. `place`: every tab that a form's rows ever went to.
export const waitingSchema = `
  CREATE TABLE IF NOT EXISTS title (
    spreadsheet TEXT, folded TEXT, tab TEXT, PRIMARY KEY (spreadsheet, folded)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS place (
    form TEXT, spreadsheet TEXT, tab TEXT, PRIMARY KEY (form, spreadsheet, tab)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entry (
    spreadsheet TEXT, id TEXT, time TEXT, entry TEXT, tab TEXT, PRIMARY KEY (spreadsheet, id)
  );
`
// Created after the upgrade, which adds the column `tab`.
const index = 'CREATE INDEX IF NOT EXISTS entry_due ON entry (spreadsheet, tab, time, id);'

const isWaiting = 'SELECT 1 FROM entry WHERE spreadsheet = ? AND id = ?'
const isRecorded = 'SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?'
const remove = 'DELETE FROM entry WHERE spreadsheet = ? AND id = ?'

export class WaitingEntries {
  #file: SqliteFile

  constructor(file: SqliteFile) {
    this.#file = file
    file.transaction(() => {
      upgradeEntries(file, this.titleOf.bind(this))
      file.exec(index)
    })
  }

  add(inserts: Insert[]): void {
    this.#file.transaction(() => {
      for (const { spreadsheet, entry } of inserts)
        this.#putNew({ spreadsheet, tab: entry.tab }, entry)
    })
  }

  #putNew(target: Target, entry: Entry): void {
    const known = this.#withKnownTitle(target)
    if (!this.#isKnown(known, entry)) this.#put(known, entry)
  }

  #isKnown(target: Target, { id, again, cause }: Entry): boolean {
    const earlier = this.#file.all('SELECT spreadsheet, tab FROM place WHERE form = ?', cause.form)
    return [target, ...(earlier as unknown as Target[])].some(
      ({ spreadsheet, tab }) =>
        this.#file.get(isWaiting, spreadsheet, id) ||
        (!again && this.#file.get(isRecorded, spreadsheet, tab, id)),
    )
  }

  #put({ spreadsheet, tab }: Target, entry: Entry): void {
    const values = [spreadsheet, entry.id, entry.time, JSON.stringify({ ...entry, tab }), tab]
    this.#file.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?)', ...values)
    const place = [entry.cause.form, spreadsheet, tab]
    this.#file.run('INSERT OR IGNORE INTO place VALUES (?, ?, ?)', ...place)
  }

  /** The first spelling of the title that was used. */
  titleOf(spreadsheet: string, title: string): string {
    const key = [spreadsheet, foldTitle(title)]
    this.#file.run('INSERT OR IGNORE INTO title VALUES (?, ?, ?)', ...key, title)
    const found = this.#file.get(
      'SELECT tab FROM title WHERE spreadsheet = ? AND folded = ?',
      ...key,
    )
    return String(found?.tab)
  }

  #withKnownTitle({ spreadsheet, tab }: Target): Target {
    return { spreadsheet, tab: this.titleOf(spreadsheet, tab) }
  }

  countByTab(): WaitingRows[] {
    const found = this.#file.all(
      'SELECT spreadsheet, tab, count(*) AS rows, min(time) AS oldest FROM entry GROUP BY spreadsheet, tab ORDER BY oldest',
    )
    return found.map(({ spreadsheet, tab, rows, oldest }) => ({
      spreadsheet: String(spreadsheet),
      tab: String(tab),
      rows: Number(rows),
      oldest: String(oldest),
    }))
  }

  due(target: Target, until: string, max: number): Entry[] {
    const { spreadsheet, tab } = this.#withKnownTitle(target)
    const found = this.#file.all(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND time <= ? ORDER BY time, id LIMIT ?',
      ...[spreadsheet, tab, until, max],
    )
    return found.map(({ entry }) => ({ ...JSON.parse(String(entry)), tab }))
  }

  /** Returns the ids that have a row in `from` and stay. */
  move(from: Target, to: Target, ids: string[]): string[] {
    return this.#file.transaction(() => {
      const source = this.#withKnownTitle(from)
      return ids.filter((id) => !this.#moveOne(source, to, id))
    })
  }

  #moveOne({ spreadsheet, tab }: Target, to: Target, id: string): boolean {
    const found = this.#file.get(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND id = ?',
      ...[spreadsheet, tab, id],
    )
    if (!found) return true
    if (this.#file.get(isRecorded, spreadsheet, tab, id)) return false
    this.#file.run(remove, spreadsheet, id)
    this.#putNew(to, JSON.parse(String(found.entry)) as Entry)
    return true
  }

  remove(spreadsheet: string, ids: string[]): void {
    this.#file.transaction(() => {
      for (const id of ids) this.#file.run(remove, spreadsheet, id)
    })
  }
}
