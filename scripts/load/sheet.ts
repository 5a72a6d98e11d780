import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'

export interface SheetCount {
  rows: number
  missing: number
  duplicate: number
}

/** Rows of a tab in the Sheets emulator, as header to text. */
export async function readRows(
  sheets: string,
  spreadsheet: string,
  tab: string,
): Promise<Record<string, string>[]> {
  const response = await request(
    `${sheets}/v4/spreadsheets/${spreadsheet}/values/${encodeURIComponent(tab)}`,
  )
  const { values = [] } = (await response.body.json()) as { values?: string[][] }
  const [header = [], ...rows] = values
  return rows.map((row) =>
    Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])),
  )
}

/** Compares the ids in a sheet with those of the acknowledged submissions. */
export function count(ids: (string | undefined)[], acknowledged: Iterable<string>): SheetCount {
  const found = ids.filter((id): id is string => Boolean(id))
  const distinct = new Set(found)
  const missing = [...new Set(acknowledged)].filter((id) => !distinct.has(id)).length
  return { rows: found.length, missing, duplicate: found.length - distinct.size }
}

/** Waits until no id is missing, or no row was added for `timeLimit` ms. */
export async function waitForRows(
  read: () => Promise<(string | undefined)[]>,
  acknowledged: string[],
  timeLimit: number,
  onCount: (count: SheetCount) => void = () => {},
): Promise<SheetCount> {
  let counted = count(await read(), acknowledged)
  let changed = performance.now()
  while (counted.missing > 0 && performance.now() - changed < timeLimit) {
    await delay(250)
    const now = count(await read(), acknowledged)
    if (now.rows !== counted.rows) changed = performance.now()
    counted = now
    onCount(counted)
  }
  return counted
}
