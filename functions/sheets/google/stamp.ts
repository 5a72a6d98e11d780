// The stamp of a tab: metadata with the id of the ledger that owns it.
import { crc32 } from 'node:zlib'
import type { Column } from '../row.ts'
import { Blocked } from './errors.ts'
import { redactMessage } from './redact.ts'
import * as requests from './requests.ts'
import type { Tab } from './tab.ts'
import { metadataKeys, type TabSnapshot } from './tab-snapshot.ts'

/** Columns of a new tab at least, as in Google's own new tabs. */
const minColumns = 26

/** Creates the tab with header and stamp, in one request. */
export async function createStamped(tab: Tab, owner: string, columns: Column[]): Promise<void> {
  const sheetId = crc32(tab.title) & 0x7fffffff
  const columnCount = Math.max(minColumns, columns.length)
  const properties = { sheetId, title: tab.title, gridProperties: { columnCount } }
  const labels = columns.map(({ label }) => label)
  const created = tab.update([
    { addSheet: { properties } },
    requests.stampTab(sheetId, { id: stampId(sheetId), value: owner }),
    ...columns.map(({ name }, index) => requests.markColumn(sheetId, { name, index })),
    requests.markHeader(sheetId, 1),
    requests.writeCells(sheetId, { row: 1, column: 0, cells: [labels] }),
  ])
  await created.catch((error: Error) => {
    if (!/sheet with the (id|name)/i.test(error.message)) throw error
    throw new Blocked(
      `Expected to create the tab ${tab.name}, found it under another name: rename it back, or name another tab in the form's file ` +
        `(Google says: ${redactMessage(error.message)})`,
    )
  })
}

/** Rejects if another ledger has stamped the tab meanwhile. */
export async function stamp(tab: Tab, { sheetId }: TabSnapshot, owner: string): Promise<void> {
  await tab.update([requests.stampTab(sheetId, { id: stampId(sheetId), value: owner })])
}

/** Removes the stamp, so that the next ledger that writes to the tab takes it over. */
export async function removeStamp(tab: Tab, { sheetId }: TabSnapshot): Promise<void> {
  const lookup = { metadataKey: metadataKeys.stamp, metadataLocation: { sheetId } }
  await tab.update([requests.deleteMetadata(lookup)])
}

/** Metadata ids are unique in a spreadsheet: if two ledgers stamp a tab at once, Google refuses the second. */
const stampId = (sheetId: number): number =>
  crc32(`${metadataKeys.stamp} ${sheetId}`) & 0x7fffffff || 1
