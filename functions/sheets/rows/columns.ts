// Finds the column of each field. A column is ours if it carries our metadata, which stays on it wherever people move it and
// whatever header they give it. A column without metadata is found by its header.
import type { MarkedColumn, TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column, Entry } from '../row.ts'

export const idColumn = 'id'
export const timeColumn = 'submitted at'

/** Columns that every row has. */
export const requiredColumns: Column[] = [idColumn, timeColumn].map((name) => ({
  name,
  label: name,
}))

/** The columns that the entries need, in order. */
export function columnsOf(entries: Pick<Entry, 'values' | 'labels'>[]): Column[] {
  const columns = new Map(requiredColumns.map((column) => [column.name, column]))
  for (const { values, labels } of entries) {
    const labelOf = new Map(labels)
    for (const [name] of values)
      if (!columns.has(name)) columns.set(name, { name, label: labelOf.get(name) ?? name })
  }
  return [...columns.values()]
}

/** A column that was found by its header and has to be marked with our metadata. */
export interface UnmarkedColumn {
  name: string
  index: number
  /** Metadata to delete: it stayed on an empty column when people cut the cells of that column and pasted them here. */
  replaces?: number
}

export interface FoundColumns {
  /** Field name to index. */
  at: Map<string, number>
  unmarked: UnmarkedColumn[]
  /** Columns that do not exist yet. */
  missing: Column[]
}

export function findColumns(
  { header, markedColumns }: Pick<TabSnapshot, 'header' | 'markedColumns'>,
  columns: Column[],
): FoundColumns {
  const taken = new Set(markedColumns.map(({ index }) => index))
  const found: FoundColumns = { at: new Map(), unmarked: [], missing: [] }
  for (const column of columns) {
    const marked = markedColumns.find(({ name }) => name === column.name)
    const titled = header.flatMap((text, index) =>
      !taken.has(index) && isHeaderOf(column, text) ? [index] : [],
    )
    const isPasted = marked && !header[marked.index] && titled.length === 1
    const index = marked && !isPasted ? marked.index : titled[0]
    if (index === undefined) {
      found.missing.push(column)
      continue
    }
    found.at.set(column.name, index)
    if (marked && !isPasted) continue
    taken.add(index)
    found.unmarked.push({ name: column.name, index, ...replacing(marked) })
  }
  return found
}

const replacing = (marked: MarkedColumn | undefined): Pick<UnmarkedColumn, 'replaces'> =>
  marked ? { replaces: marked.metadataId } : {}

const isHeaderOf = ({ name, label }: Column, text: string): boolean =>
  text !== '' && (text.trim() === name || text.trim() === label)

/** Index of the id column; -1 if there is none. */
export const indexOfIds = (snapshot: TabSnapshot): number =>
  findColumns(snapshot, requiredColumns).at.get(idColumn) ?? -1

/** A header row names at least one of the required columns. */
export const isHeader = (texts: string[]): boolean =>
  names(texts, idColumn) || names(texts, timeColumn)

const names = (texts: string[], name: string): boolean => texts.some((text) => text.trim() === name)

/** Number of the first row that names both required columns. */
export function findCompleteHeader(rows: string[][]): number | undefined {
  const index = rows.findIndex((row) => names(row, idColumn) && names(row, timeColumn))
  return index === -1 ? undefined : index + 1
}

/** Prefers a row with both required columns to one with either, as an answer may be "id", too. */
export function findHeader(rows: string[][]): number | undefined {
  const index = rows.findIndex(isHeader)
  return findCompleteHeader(rows) ?? (index === -1 ? undefined : index + 1)
}

/** The name of the field at each index; '' for columns that are not ours. */
export function toNames(at: ReadonlyMap<string, number>): string[] {
  const all: string[] = []
  for (const [name, index] of at) {
    while (all.length < index) all.push('')
    all[index] = name
  }
  return all
}
