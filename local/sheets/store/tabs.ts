// Spreadsheets and their tabs. `key` identifies a tab in the database, `sheetId` in Google's API.
import type { DatabaseSync } from 'node:sqlite'

export type Tab = {
  key: number
  sheetId: number
  title: string
  index: number
  rowCount: number
  columnCount: number
}

export const newTab = { sheetId: 0, title: 'Sheet1', rowCount: 1000, columnCount: 26 }

const columns = 'key, sheetId, title, position AS "index", rowCount, columnCount'

/** In the words of Google's API. */
export const tabProperties = ({ sheetId, title, index, rowCount, columnCount }: Tab) => ({
  sheetId,
  title,
  index,
  sheetType: 'GRID',
  gridProperties: { rowCount, columnCount },
})

export class TabStore {
  readonly #db: DatabaseSync
  readonly #titleOf
  readonly #byTitle
  readonly #byId
  readonly #all

  constructor(db: DatabaseSync) {
    const select = `SELECT ${columns} FROM tab WHERE spreadsheet = ?`
    this.#db = db
    this.#titleOf = db.prepare('SELECT title FROM spreadsheet WHERE id = ?')
    this.#byTitle = db.prepare(`${select} AND title = ?`)
    this.#byId = db.prepare(`${select} AND sheetId = ?`)
    this.#all = db.prepare(`${select} ORDER BY position`)
  }

  spreadsheets(): { id: string; title: string }[] {
    const rows = this.#db.prepare('SELECT id, title FROM spreadsheet ORDER BY title').all()
    return rows as { id: string; title: string }[]
  }

  /** The title of the spreadsheet; undefined if it does not exist. */
  titleOf(id: string): string | undefined {
    return this.#titleOf.get(id)?.title as string | undefined
  }

  create(id: string, title: string): void {
    this.#db.prepare('INSERT INTO spreadsheet (id, title) VALUES (?, ?)').run(id, title)
  }

  all(id: string): Tab[] {
    return this.#all.all(id) as Tab[]
  }

  byTitle(id: string, title: string): Tab | undefined {
    return this.#byTitle.get(id, title) as Tab | undefined
  }

  byId(id: string, sheetId: number): Tab | undefined {
    return this.#byId.get(id, sheetId) as Tab | undefined
  }

  add(id: string, tab: Omit<Tab, 'key'>): void {
    const makeRoom =
      'UPDATE tab SET position = position + 1 WHERE spreadsheet = ? AND position >= ?'
    this.#db.prepare(makeRoom).run(id, tab.index)
    this.#db
      .prepare(
        `INSERT INTO tab (spreadsheet, sheetId, title, position, rowCount, columnCount)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(id, tab.sheetId, tab.title, tab.index, tab.rowCount, tab.columnCount)
  }

  update({ key, title, rowCount, columnCount }: Tab): void {
    this.#db
      .prepare('UPDATE tab SET title = ?, rowCount = ?, columnCount = ? WHERE key = ?')
      .run(title, rowCount, columnCount, key)
  }

  remove(id: string, { key, index }: Tab): void {
    this.#db.prepare('DELETE FROM tab WHERE key = ?').run(key)
    this.#db
      .prepare('UPDATE tab SET position = position - 1 WHERE spreadsheet = ? AND position > ?')
      .run(id, index)
  }
}
