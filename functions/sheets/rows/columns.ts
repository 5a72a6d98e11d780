// Which column a value belongs to. A column is ours by the developer metadata that it carries, which goes with it wherever
// people move it and whatever they call it; by the text of its header where it carries none yet.

/** A day, or a day and time. */
export interface Moment {
  /** Days since 1899-12-30. */
  serial: number
  format: 'DATE' | 'DATE_TIME'
}

export type Cell = string | number | boolean | Moment | null

export const idColumn = 'id'
export const timeColumn = 'submitted at'

export interface Field {
  name: string
  /** What its header says. */
  label: string
}

/** Every row has them. */
export const ownFields: Field[] = [idColumn, timeColumn].map((name) => ({ name, label: name }))

interface Answers {
  values: [name: string, Cell][]
  labels?: [name: string, label: string][]
}

/** Those of all entries, in order. */
export function fieldsOf(entries: Answers[]): Field[] {
  const fields = new Map(ownFields.map((field) => [field.name, field]))
  for (const { values, labels } of entries) {
    const labelOf = new Map(labels)
    for (const [name] of values)
      if (!fields.has(name)) fields.set(name, { name, label: labelOf.get(name) ?? name })
  }
  return [...fields.values()]
}

/** A column that carries our metadata. */
export interface Owned {
  name: string
  index: number
  metadataId: number
}

/** A column that is ours by the text of its header, and is to carry our metadata. */
export interface Claim {
  name: string
  index: number
  /** The metadata that is left on an empty column, where people cut the cells of ours and pasted them here. */
  replaces?: number
}

export interface Columns {
  /** Field name to index. */
  at: Map<string, number>
  claims: Claim[]
  /** They have no column yet. */
  missing: Field[]
}

/** `header`: the texts of the header row; empty where there is none. */
export function findColumns(header: string[], owned: Owned[], fields: Field[]): Columns {
  const taken = new Set(owned.map(({ index }) => index))
  const columns: Columns = { at: new Map(), claims: [], missing: [] }
  for (const field of fields) {
    const own = owned.find(({ name }) => name === field.name)
    const titled = header.flatMap((text, index) =>
      !taken.has(index) && isTitle(text, field) ? [index] : [],
    )
    const pasted = own && !header[own.index] && titled.length === 1
    const index = own && !pasted ? own.index : titled[0]
    if (index === undefined) {
      columns.missing.push(field)
      continue
    }
    columns.at.set(field.name, index)
    if (own && !pasted) continue
    taken.add(index)
    columns.claims.push({ name: field.name, index, ...(own && { replaces: own.metadataId }) })
  }
  return columns
}

const isTitle = (text: string, { name, label }: Field): boolean =>
  text !== '' && (text.trim() === name || text.trim() === label)

/** A row is the header where it names one of the two columns that every tab of ours has. */
export const isHeader = (texts: string[]): boolean =>
  names(texts, idColumn) || names(texts, timeColumn)

const names = (texts: string[], name: string): boolean => texts.some((text) => text.trim() === name)

/** The number of the first row that names both columns. */
export function findWholeHeader(rows: string[][]): number | undefined {
  const index = rows.findIndex((row) => names(row, idColumn) && names(row, timeColumn))
  return index === -1 ? undefined : index + 1
}

/** The same, or else of the first that names one of them. An answer may be "id", too. */
export function findHeader(rows: string[][]): number | undefined {
  const index = rows.findIndex(isHeader)
  return findWholeHeader(rows) ?? (index === -1 ? undefined : index + 1)
}

/** Field names at the index of their column, '' at others. */
export function toNames(at: ReadonlyMap<string, number>): string[] {
  const names: string[] = []
  for (const [name, index] of at) {
    while (names.length < index) names.push('')
    names[index] = name
  }
  return names
}

/** 0 is A, 25 is Z, 26 is AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}
