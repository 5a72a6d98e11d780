// Developer metadata, as stored: small notes that a program leaves on a spreadsheet, a tab, a row or a column.
import type { DatabaseSync } from 'node:sqlite'

export type Dimension = 'ROWS' | 'COLUMNS'

export type Place = {
  /** null: on the spreadsheet. */
  sheetId: number | null
  /** null: on the whole tab. */
  dimension: Dimension | null
  position: number | null
}

export type Metadata = Place & {
  metadataId: number
  metadataKey: string
  metadataValue: string | null
  visibility: string
}

const columns = 'metadataId, metadataKey, metadataValue, visibility, sheetId, dimension, position'

export class MetadataStore {
  readonly #all
  readonly #byId
  readonly #on
  readonly #insert
  readonly #remove

  constructor(db: DatabaseSync) {
    const select = `SELECT ${columns} FROM metadata WHERE spreadsheet = ?`
    this.#all = db.prepare(`${select} ORDER BY metadataId`)
    this.#byId = db.prepare(`${select} AND metadataId = ?`)
    this.#on = db.prepare(`${select} AND sheetId IS ? ORDER BY metadataId`)
    this.#insert = db.prepare(
      `INSERT INTO metadata (spreadsheet, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#remove = db.prepare('DELETE FROM metadata WHERE spreadsheet = ? AND metadataId = ?')
  }

  all(id: string): Metadata[] {
    return this.#all.all(id) as Metadata[]
  }

  byId(id: string, metadataId: number): Metadata | undefined {
    return this.#byId.get(id, metadataId) as Metadata | undefined
  }

  /** Also what is on its rows and columns. */
  on(id: string, sheetId: number | null): Metadata[] {
    return this.#on.all(id, sheetId) as Metadata[]
  }

  add(id: string, item: Metadata): void {
    const { metadataId, metadataKey, metadataValue, visibility } = item
    const { sheetId, dimension, position } = item
    const what = [metadataId, metadataKey, metadataValue, visibility]
    this.#insert.run(id, ...what, sheetId, dimension, position)
  }

  remove(id: string, metadataId: number): void {
    this.#remove.run(id, metadataId)
  }

  /** It goes with its row or column; `undefined`: that was deleted, and it with it. */
  follow(
    id: string,
    of: { sheetId: number; dimension: Dimension },
    moved: (position: number) => number | undefined,
  ): void {
    for (const item of this.on(id, of.sheetId)) {
      if (item.dimension !== of.dimension || item.position === null) continue
      const position = moved(item.position)
      if (position === item.position) continue
      this.remove(id, item.metadataId)
      if (position !== undefined) this.add(id, { ...item, position })
    }
  }
}

/** In the words of Google's API. */
export const toResource = ({ sheetId, dimension, position, metadataValue, ...rest }: Metadata) => ({
  ...rest,
  ...(metadataValue !== null && { metadataValue }),
  location: locationOf({ sheetId, dimension, position }),
})

function locationOf({ sheetId, dimension, position }: Place) {
  if (sheetId === null) return { locationType: 'SPREADSHEET', spreadsheet: true }
  if (dimension === null || position === null) return { locationType: 'SHEET', sheetId }
  const dimensionRange = { sheetId, dimension, startIndex: position, endIndex: position + 1 }
  return { locationType: dimension === 'ROWS' ? 'ROW' : 'COLUMN', dimensionRange }
}
