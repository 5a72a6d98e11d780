// The rows that wait, in the SQLite buffer's file: of each the tab that it waits for.

import { folded, type Target } from '../../target.ts'
import type { Item } from '../coalesce-inserts.ts'
import type { Entry, Waiting } from '../port.ts'
import type { SqliteFile } from './file.ts'

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
/** A file of an earlier version kept the tab in the entry alone. */
const hasNoTab =
  "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('entry') WHERE name = 'tab')"
const addTab = `
  ALTER TABLE entry ADD COLUMN tab TEXT;
  UPDATE entry SET tab = json_extract(entry, '$.tab');
  DROP INDEX IF EXISTS entry_order;
`
/** Of a tab that it knew by two titles, the one with more rows first. */
const tabsWithRows =
  'SELECT spreadsheet, tab FROM part GROUP BY spreadsheet, tab ORDER BY max(part) DESC, max(next) DESC'
const takeRows = 'UPDATE OR IGNORE row SET tab = ? WHERE spreadsheet = ? AND tab = ? AND row > 0'
const tabsThatWait =
  'SELECT spreadsheet, tab FROM entry GROUP BY spreadsheet, tab ORDER BY min(time)'
const takeWaiting = 'UPDATE entry SET tab = ? WHERE spreadsheet = ? AND tab = ?'
const order = 'CREATE INDEX IF NOT EXISTS entry_due ON entry (spreadsheet, tab, time, id);'

const waits = 'SELECT 1 FROM entry WHERE spreadsheet = ? AND id = ?'
const remove = 'DELETE FROM entry WHERE spreadsheet = ? AND id = ?'
const recorded = 'SELECT 1 FROM row WHERE spreadsheet = ? AND tab = ? AND id = ?'

export class SqliteWaiting {
  #file: SqliteFile

  constructor(file: SqliteFile) {
    this.#file = file
    this.#file.transaction(() => {
      if (this.#file.get(hasNoTab)) this.#upgrade()
      this.#file.exec(order)
    })
  }

  /** A tab keeps the title that its rows are recorded under: under another one, a redelivery would write them again. */
  #upgrade(): void {
    this.#file.exec(addTab)
    const known = (sql: string) =>
      this.#targets(sql).map((at) => [this.titleOf(at.spreadsheet, at.tab), at.spreadsheet, at.tab])
    for (const values of known(tabsWithRows)) this.#file.run(takeRows, ...values)
    for (const values of known(tabsThatWait)) this.#file.run(takeWaiting, ...values)
  }

  #targets(sql: string, ...values: string[]): Target[] {
    return this.#file.all(sql, ...values) as unknown as Target[]
  }

  add(items: Item[]): void {
    this.#file.transaction(() => {
      for (const { spreadsheet, entry } of items) {
        const tab = this.titleOf(spreadsheet, entry.tab)
        if (!this.#isKnown({ spreadsheet, tab }, entry)) this.#put({ spreadsheet, tab }, entry)
      }
    })
  }

  #isKnown(target: Target, { id, again, cause }: Entry): boolean {
    const places = this.#targets('SELECT spreadsheet, tab FROM place WHERE form = ?', cause.form)
    return [target, ...places].some(
      ({ spreadsheet, tab }) =>
        this.#file.get(waits, spreadsheet, id) ||
        (!again && this.#file.get(recorded, spreadsheet, tab, id)),
    )
  }

  #put({ spreadsheet, tab }: Target, entry: Entry): void {
    const values = [spreadsheet, entry.id, entry.time, JSON.stringify({ ...entry, tab }), tab]
    this.#file.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?)', ...values)
    const place = [entry.cause.form, spreadsheet, tab]
    this.#file.run('INSERT OR IGNORE INTO place VALUES (?, ?, ?)', ...place)
  }

  /** The first title that the tab was given. */
  titleOf(spreadsheet: string, title: string): string {
    const key = [spreadsheet, folded(title)]
    this.#file.run('INSERT OR IGNORE INTO title VALUES (?, ?, ?)', ...key, title)
    const found = this.#file.get(
      'SELECT tab FROM title WHERE spreadsheet = ? AND folded = ?',
      ...key,
    )
    return String(found?.tab)
  }

  all(): Waiting[] {
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

  due({ spreadsheet, tab }: Target, until: string, most: number): Entry[] {
    const title = this.titleOf(spreadsheet, tab)
    const found = this.#file.all(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND time <= ? ORDER BY time, id LIMIT ?',
      ...[spreadsheet, title, until, most],
    )
    return found.map(({ entry }) => ({ ...JSON.parse(String(entry)), tab: title }))
  }

  move(from: Target, to: Target, ids: string[]): string[] {
    return this.#file.transaction(() => {
      const [here, there] = [from, to].map((at) => ({
        ...at,
        tab: this.titleOf(at.spreadsheet, at.tab),
      })) as [Target, Target]
      return ids.filter((id) => !this.#moved(here, there, id))
    })
  }

  /** False where it has a row and stays. */
  #moved({ spreadsheet, tab }: Target, to: Target, id: string): boolean {
    const found = this.#file.get(
      'SELECT entry FROM entry WHERE spreadsheet = ? AND tab = ? AND id = ?',
      ...[spreadsheet, tab, id],
    )
    if (!found) return true
    if (this.#file.get(recorded, spreadsheet, tab, id)) return false
    this.#file.run(remove, spreadsheet, id)
    const entry = JSON.parse(String(found.entry)) as Entry
    if (!this.#isKnown(to, entry)) this.#put(to, entry)
    return true
  }

  remove(spreadsheet: string, ids: string[]): void {
    this.#file.transaction(() => {
      for (const id of ids) this.#file.run(remove, spreadsheet, id)
    })
  }
}
