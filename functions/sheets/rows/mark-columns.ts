// Marks columns that were found by their headers, such as those of an earlier version, with our metadata.
import { RetryLater } from '#kit/errors.ts'
import * as requests from '../google/requests.ts'
import type { Tab } from '../google/tab.ts'
import { metadataKeys, type TabSnapshot } from '../google/tab-snapshot.ts'
import { type FoundColumns, isHeader } from './columns.ts'

/** Returns the state of the tab after it. If people moved columns meanwhile, undoes it and throws RetryLater. */
export async function markColumns(
  tab: Tab,
  snapshot: TabSnapshot,
  { unmarked }: FoundColumns,
): Promise<TabSnapshot> {
  const { sheetId, headerRow } = snapshot
  const needsHeaderMark = isHeader(snapshot.header) && snapshot.headerMark === undefined
  const after = await tab.updateAndRead(
    [
      ...unmarked.flatMap(({ replaces }) =>
        replaces === undefined ? [] : [requests.deleteMetadata({ metadataId: replaces })],
      ),
      ...unmarked.map((column) => requests.markColumn(sheetId, column)),
      ...(needsHeaderMark ? [requests.markHeader(sheetId, headerRow)] : []),
    ],
    { headerRow },
  )
  const moved = unmarked.some(({ name, index }) => {
    const marked = after.markedColumns.find((column) => column.name === name)
    return !marked || after.header[marked.index] !== snapshot.header[index]
  })
  if (!moved) return after
  await tab.update(
    unmarked.map(({ name }) =>
      requests.deleteMetadata({
        metadataKey: metadataKeys.column,
        metadataValue: name,
        metadataLocation: { sheetId },
      }),
    ),
  )
  throw new RetryLater(`Columns of the tab ${tab.name} were moved meanwhile; the tab is read again`)
}
