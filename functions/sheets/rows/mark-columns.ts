// Puts our metadata on columns that are ours by their header alone, such as those that an earlier version wrote.
import { RetryLater } from '#kit/errors.ts'
import * as requests from '../google/requests.ts'
import type { Tab } from '../google/tab.ts'
import { keys, type Look } from '../google/tab-snapshot.ts'
import type { Columns } from './columns.ts'
import { isHeader } from './columns.ts'

interface Claiming {
  look: Look
  columns: Columns
}

/** Answers what stands after it. Where people moved columns meanwhile, it is taken back. */
export async function claim(tab: Tab, { look, columns }: Claiming): Promise<Look> {
  const { sheetId, headerRow } = look
  const { claims } = columns
  const marksHeader = isHeader(look.header) && look.headerMark === undefined
  const after = await tab.updateAndLook(
    [
      ...claims.flatMap(({ replaces }) =>
        replaces === undefined ? [] : [requests.remove({ metadataId: replaces })],
      ),
      ...claims.map((one) => requests.columnMark(sheetId, one)),
      ...(marksHeader ? [requests.headerMark(sheetId, headerRow)] : []),
    ],
    { headerRow },
  )
  const wrong = claims.filter(({ name, index }) => {
    const own = after.owned.find((one) => one.name === name)
    return !own || after.header[own.index] !== look.header[index]
  })
  if (wrong.length === 0) return after
  await tab.update(
    claims.map(({ name }) =>
      requests.remove({
        metadataKey: keys.column,
        metadataValue: name,
        metadataLocation: { sheetId },
      }),
    ),
  )
  throw new RetryLater(
    `The columns of the tab ${tab.name} were moved meanwhile: they are looked at again`,
  )
}
