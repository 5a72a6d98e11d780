// Counts what stands in a sheet against what was acknowledged.
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'

export interface SheetCount {
  rows: number
  missing: number
  duplicate: number
}

/** All rows below the header, from the emulator; each cell as its text. */
export async function readRows(
  sheets: string,
  spreadsheet: string,
  tab: string,
): Promise<Record<string, string>[]> {
  const answer = await request(
    `${sheets}/v4/spreadsheets/${spreadsheet}/values/${encodeURIComponent(tab)}`,
  )
  const { values = [] } = (await answer.body.json()) as { values?: string[][] }
  const [header = [], ...rows] = values
  return rows.map((row) =>
    Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])),
  )
}

export function count(ids: (string | undefined)[], acknowledged: Iterable<string>): SheetCount {
  const standing = ids.filter((id): id is string => Boolean(id))
  const distinct = new Set(standing)
  const missing = [...new Set(acknowledged)].filter((id) => !distinct.has(id)).length
  return { rows: standing.length, missing, duplicate: standing.length - distinct.size }
}

/** Waits until nothing is missing, or nothing more has come for `patience` milliseconds. */
export async function waitForRows(
  read: () => Promise<(string | undefined)[]>,
  acknowledged: string[],
  patience: number,
  onCount: (count: SheetCount) => void = () => {},
): Promise<SheetCount> {
  let seen = count(await read(), acknowledged)
  let moved = performance.now()
  while (seen.missing > 0 && performance.now() - moved < patience) {
    await delay(250)
    const now = count(await read(), acknowledged)
    if (now.rows !== seen.rows) moved = performance.now()
    seen = now
    onCount(seen)
  }
  return seen
}
