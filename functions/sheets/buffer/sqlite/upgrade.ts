// Upgrades a file of an earlier version, which stored the tab only inside the entry and could know a tab by two spellings.
import type { Target } from '../../target.ts'
import type { SqliteFile } from './file.ts'

const hasNoTab =
  "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('entry') WHERE name = 'tab')"
const addTab = `
  ALTER TABLE entry ADD COLUMN tab TEXT;
  UPDATE entry SET tab = json_extract(entry, '$.tab');
  DROP INDEX IF EXISTS entry_order;
`
// If a tab has two spellings, the one with more rows comes first.
const tabsWithRows =
  'SELECT spreadsheet, tab FROM part GROUP BY spreadsheet, tab ORDER BY max(part) DESC, max(next) DESC'
const takeRows = 'UPDATE OR IGNORE row SET tab = ? WHERE spreadsheet = ? AND tab = ? AND row > 0'
const tabsThatWait =
  'SELECT spreadsheet, tab FROM entry GROUP BY spreadsheet, tab ORDER BY min(time)'
const takeWaiting = 'UPDATE entry SET tab = ? WHERE spreadsheet = ? AND tab = ?'

/**
 * `titleOf` returns the spelling that a tab is known by, and keeps the first it is asked for. That has to be the spelling of the
 * tab's rows: under another one, a redelivery would write them again.
 */
export function upgradeEntries(
  file: SqliteFile,
  titleOf: (spreadsheet: string, tab: string) => string,
): void {
  if (!file.get(hasNoTab)) return
  file.exec(addTab)
  const merge = (tabs: string, take: string) => {
    const renames = (file.all(tabs) as unknown as Target[]).map(({ spreadsheet, tab }) => [
      titleOf(spreadsheet, tab),
      spreadsheet,
      tab,
    ])
    for (const values of renames) file.run(take, ...values)
  }
  merge(tabsWithRows, takeRows)
  merge(tabsThatWait, takeWaiting)
}
