// The rows of a tab that are not written yet, and what an operator is told about them.
import type { WaitingRows } from './buffer/port.ts'
import { BadCredentials } from './google/errors.ts'
import { nameOf } from './target.ts'

export interface Backlog extends WaitingRows {
  /** Why the last attempt to write them failed. */
  reason?: Error
}

/** Rows that wait longer are reported even if no attempt has failed. Milliseconds. */
const maxSilentWait = 60_000

/** A note for each tab, by the tab's name. If Google refuses the credentials, one note for all, named `credentials`. */
export function toNotes(backlogs: Backlog[], now: number): Record<string, string> {
  const refused = backlogs.filter(({ reason }) => reason instanceof BadCredentials)
  const others = backlogs.filter(
    (one) => !refused.includes(one) && (one.reason || now - Date.parse(one.oldest) > maxSilentWait),
  )
  return Object.fromEntries([
    ...(refused.length > 0 ? [['credentials', toNote(refused)]] : []),
    ...others.map((one) => [nameOf(one), toNote([one])]),
  ])
}

/** `backlogs`: the one that has waited longest comes first. */
function toNote(backlogs: Backlog[]): string {
  const rows = backlogs.reduce((sum, one) => sum + one.rows, 0)
  const [first] = backlogs
  const reason = first?.reason?.message ?? 'no attempt to write them has failed'
  return `rows waiting: ${rows}, the oldest submitted at ${first?.oldest}: ${reason}`
}
