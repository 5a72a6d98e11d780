// What an operator should know of rows that wait: how many, since when, and why.

import type { Standstill } from './flusher.ts'
import { BadCredentials } from './google/errors.ts'
import { nameOf } from './target.ts'

/** Milliseconds: what waits longer is told though no attempt has failed. */
const long = 60_000

/** Under the name of the tab; under `credentials` where no row at all can be written. */
export function notesOf(waiting: Standstill[], now: number): Record<string, string> {
  const refused = waiting.filter(({ reason }) => reason instanceof BadCredentials)
  const others = waiting.filter(
    (one) => !refused.includes(one) && (one.reason || now - Date.parse(one.oldest) > long),
  )
  return Object.fromEntries([
    ...(refused.length > 0 ? [['credentials', text(refused)]] : []),
    ...others.map((one) => [nameOf(one), text([one])]),
  ])
}

/** The first has waited longest. */
function text(waiting: Standstill[]): string {
  const rows = waiting.reduce((sum, one) => sum + one.rows, 0)
  const [first] = waiting
  const why = first?.reason?.message ?? 'their turn has not come yet'
  return `rows that wait: ${rows}, the oldest submitted at ${first?.oldest}: ${why}`
}
