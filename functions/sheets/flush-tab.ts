// Writes the waiting rows of one tab in order of submission, within the quota, until none is due.
import type { Lease, RowBuffer } from './buffer/port.ts'
import type { Quota } from './google/quota.ts'
import type { Entry, RowLocation } from './row.ts'
import { isSameTarget, type Target } from './target.ts'

export interface FlushOptions {
  buffer: RowBuffer
  quota: Quota
  /** Where the form's file sends rows now; undefined if there is no such form, or it does not list this task. */
  targetOf: (form: string) => Target | undefined
  /** Writes the entries of one tab, in order. Resolves with their locations once they are in the sheet. */
  write: (target: Target, entries: Entry[]) => Promise<Map<string, RowLocation>>
  /** Publishes the event that the row was recorded. */
  publish: (spreadsheet: string, entry: Entry, location: RowLocation) => Promise<void>
}

/** One call to Sheets takes rows up to either limit; Google recommends 2 MB. */
const maxRows = 10_000
const maxBytes = 2_000_000
/** Rows published before they are removed from the buffer: after a crash, so many may be published again. */
const publishedAtOnce = 500
/** Entries in one script at most: Redis does nothing else while a script runs. */
const movedAtOnce = 1000
// Milliseconds. The lease of an instance that died ends after `leaseFor`.
const leaseFor = 15_000
const renewEvery = 5000

export interface Flush {
  target: Target
  /** Entries submitted after this time (ISO 8601) are not due. */
  until: () => string
  /** Called when some rows are done although the flush fails. */
  onProgress: () => void
}

/** 'lost': the lease ended, so another instance may write to the tab. */
type Outcome = 'more is due' | 'done' | 'lost'

/** Returns false if another instance writes to the tab. Rejects with the reason if rows have to wait. */
export async function flushTab(options: FlushOptions, flush: Flush): Promise<boolean> {
  const { buffer, quota } = options
  const lease = await buffer.lease(flush.target, leaseFor)
  if (!lease) return false
  const renewing = setInterval(() => void lease.renew().catch(() => {}), renewEvery)
  try {
    // Rows are collected after the wait for the quota, so batches grow while there is no room.
    let outcome: Outcome
    do outcome = await quota.reserve(() => flushOnce(options, flush, lease))
    while (outcome === 'more is due')
    return outcome === 'done'
  } finally {
    clearInterval(renewing)
    await lease.release()
  }
}

async function flushOnce(options: FlushOptions, flush: Flush, lease: Lease): Promise<Outcome> {
  if (!(await lease.renew())) return 'lost'
  const due = await options.buffer.due(flush.target, flush.until(), maxRows)
  const staying = await moveOthers(options, flush.target, due)
  const entries = withinMaxBytes(staying)
  if (entries.length > 0) {
    const locations = await options.write(flush.target, entries)
    for (let n = 0; n < entries.length; n += publishedAtOnce)
      await publish(options, flush, { entries: entries.slice(n, n + publishedAtOnce), locations })
  }
  return entries.length < staying.length || due.length === maxRows ? 'more is due' : 'done'
}

/**
 * Moves entries whose form's file now names another target, and returns the others. An entry that has a row here, or may have been
 * written, stays, so that it is not written twice.
 */
async function moveOthers(
  { buffer, targetOf }: FlushOptions,
  target: Target,
  due: Entry[],
): Promise<Entry[]> {
  const moved = new Set<string>()
  for (const [form, own] of Map.groupBy(due, ({ cause }) => cause.form)) {
    const current = targetOf(form)
    if (!current || isSameTarget(current, target)) continue
    for (let n = 0; n < own.length; n += movedAtOnce) {
      const ids = own.slice(n, n + movedAtOnce).map(({ id }) => id)
      const stay = new Set(await buffer.move(target, current, ids))
      for (const id of ids) if (!stay.has(id)) moved.add(id)
    }
  }
  return moved.size === 0 ? due : due.filter(({ id }) => !moved.has(id))
}

interface Written {
  entries: Entry[]
  locations: ReadonlyMap<string, RowLocation>
}

/** Rows whose event was published leave the buffer; the rest are published again at the next flush. */
async function publish(
  options: FlushOptions,
  { target: { spreadsheet }, onProgress }: Flush,
  { entries, locations }: Written,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    entries.map((entry) =>
      options.publish(spreadsheet, entry, locations.get(entry.id) as RowLocation),
    ),
  )
  const published = entries.filter((_, n) => outcomes[n]?.status === 'fulfilled')
  await options.buffer.remove(
    spreadsheet,
    published.map(({ id }) => id),
  )
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (!failure) return
  if (published.length > 0) onProgress()
  throw failure.reason
}

/** The first entries that fit into one call, at least one. */
function withinMaxBytes(entries: Entry[]): Entry[] {
  let bytes = 0
  const tooMany = entries.findIndex(({ values }) => {
    bytes += 100 + Buffer.byteLength(JSON.stringify(values))
    return bytes > maxBytes
  })
  return tooMany === -1 ? entries : entries.slice(0, Math.max(1, tooMany))
}
