// Developer metadata, as stored: small notes that a program leaves on a tab or on a whole spreadsheet.
import type { DatabaseSync } from 'node:sqlite'

export type Metadata = {
  metadataId: number
  metadataKey: string
  metadataValue: string | null
  visibility: string
  /** null: on the spreadsheet. */
  sheetId: number | null
}

const columns = 'metadataId, metadataKey, metadataValue, visibility, sheetId'

export class MetadataStore {
  readonly #all
  readonly #on
  readonly #insert
  readonly #remove

  constructor(db: DatabaseSync) {
    const select = `SELECT ${columns} FROM metadata WHERE spreadsheet = ?`
    this.#all = db.prepare(`${select} ORDER BY metadataId`)
    this.#on = db.prepare(`${select} AND sheetId IS ? ORDER BY metadataId`)
    this.#insert = db.prepare(
      `INSERT INTO metadata (spreadsheet, ${columns}) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    this.#remove = db.prepare('DELETE FROM metadata WHERE spreadsheet = ? AND metadataId = ?')
  }

  all(id: string): Metadata[] {
    return this.#all.all(id) as Metadata[]
  }

  on(id: string, sheetId: number | null): Metadata[] {
    return this.#on.all(id, sheetId) as Metadata[]
  }

  add(id: string, item: Metadata): void {
    const { metadataId, metadataKey, metadataValue, visibility, sheetId } = item
    this.#insert.run(id, metadataId, metadataKey, metadataValue, visibility, sheetId)
  }

  remove(id: string, metadataId: number): void {
    this.#remove.run(id, metadataId)
  }
}

/** In the words of Google's API. */
export const toResource = ({ sheetId, metadataValue, ...rest }: Metadata) => ({
  ...rest,
  ...(metadataValue !== null && { metadataValue }),
  location:
    sheetId === null
      ? { locationType: 'SPREADSHEET', spreadsheet: true }
      : { locationType: 'SHEET', sheetId },
})
