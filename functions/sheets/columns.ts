// Which column a value belongs to: the header row decides, wherever people moved its cells; new columns come at the right.

export type Cell = string | number | boolean | null

export const idColumn = 'id'
export const timeColumn = 'submitted at'

/** The header with the columns that a form needs and the header lacks added at its right. */
export function extendHeader(header: string[], fields: string[]): string[] {
  const known = new Set(header)
  const needed = new Set([idColumn, timeColumn, ...fields])
  return [...header, ...[...needed].filter((name) => !known.has(name))]
}

/** The cells of one row under the header; null, which leaves a cell as it is, in columns that are not ours. */
export function toCells(header: string[], values: ReadonlyMap<string, Cell>): Cell[] {
  const seen = new Set<string>()
  return header.map((name) => {
    // Under two columns of one name the first is ours.
    if (seen.has(name)) return null
    seen.add(name)
    return values.get(name) ?? null
  })
}

/** Whether a row holds anything in one of the columns, so that writing them would overwrite it. */
export function holds(
  header: string[],
  cells: string[] | undefined,
  columns: ReadonlySet<string>,
): boolean {
  return cells?.some((text, index) => text && columns.has(header[index] ?? '')) ?? false
}

/** 0 is A, 25 is Z, 26 is AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}
