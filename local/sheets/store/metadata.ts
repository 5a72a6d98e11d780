// Developer metadata: key and value that a program attaches to a spreadsheet, a tab, a row or a column.
import type { DatabaseSync } from 'node:sqlite'

export type Dimension = 'ROWS' | 'COLUMNS'

export type Location = {
  /** null: the spreadsheet itself. */
  sheetId: number | null
  /** null: the whole tab. */
  dimension: Dimension | null
  position: number | null
}

export type Metadata = Location & {
  metadataId: number
  metadataKey: string
  metadataValue: string | null
  visibility: string
}

const columns = 'metadataId, metadataKey, metadataValue, visibility, sheetId, dimension, position'

export class MetadataStore {
  readonly #all
  readonly #byId
  readonly #ofTab
  readonly #insert
  readonly #remove

  constructor(db: DatabaseSync) {
    const select = `SELECT ${columns} FROM metadata WHERE spreadsheet = ?`
    this.#all = db.prepare(`${select} ORDER BY metadataId`)
    this.#byId = db.prepare(`${select} AND metadataId = ?`)
    this.#ofTab = db.prepare(`${select} AND sheetId IS ? ORDER BY metadataId`)
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

  /** Includes that of its rows and columns. `null`: of the spreadsheet itself. */
  ofTab(id: string, sheetId: number | null): Metadata[] {
    return this.#ofTab.all(id, sheetId) as Metadata[]
  }

  add(id: string, item: Metadata): void {
    const { metadataId, metadataKey, metadataValue, visibility } = item
    const { sheetId, dimension, position } = item
    const own = [metadataId, metadataKey, metadataValue, visibility]
    this.#insert.run(id, ...own, sheetId, dimension, position)
  }

  remove(id: string, metadataId: number): void {
    this.#remove.run(id, metadataId)
  }

  /** Moves metadata with its row or column. It is deleted if `shift` returns undefined. */
  shift(
    id: string,
    of: { sheetId: number; dimension: Dimension },
    positionAfter: (position: number) => number | undefined,
  ): void {
    for (const item of this.ofTab(id, of.sheetId)) {
      if (item.dimension !== of.dimension || item.position === null) continue
      const position = positionAfter(item.position)
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

function locationOf({ sheetId, dimension, position }: Location) {
  if (sheetId === null) return { locationType: 'SPREADSHEET', spreadsheet: true }
  if (dimension === null || position === null) return { locationType: 'SHEET', sheetId }
  const dimensionRange = { sheetId, dimension, startIndex: position, endIndex: position + 1 }
  return { locationType: dimension === 'ROWS' ? 'ROW' : 'COLUMN', dimensionRange }
}
