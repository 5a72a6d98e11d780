// Writes the rows that wait for one tab: in order of submission, within the quota, until none is due.
import type { Buffer, Entry, Lease } from './buffer/port.ts'
import type { Governor } from './google/quota.ts'
import type { Recorded } from './rows/rotation.ts'
import { isSame, type Target } from './target.ts'

export interface FlushOptions {
  buffer: Buffer
  governor: Governor
  /** Where the form's present file sends its rows; undefined where it has none, or names no sheet. */
  targetOf: (form: string) => Target | undefined
  /** Writes the entries of one tab, in order; resolves when they stand. */
  write: (target: Target, entries: Entry[]) => Promise<Map<string, Recorded>>
  /** Says that the row stands. */
  publish: (spreadsheet: string, entry: Entry, at: Recorded) => Promise<void>
}

/** A call to Sheets takes rows until either is reached; Google recommends 2 MB. */
const mostRows = 10_000
const mostBytes = 2_000_000
/** What is published before it is removed: so many may be said again after a crash. */
const publishedAtOnce = 500
/** A script holds Redis up while it runs. */
const movedAtOnce = 1000
/** Milliseconds: how long the rows of an instance that died wait for the next, and how often one that lives says so. */
const leaseFor = 15_000
const renewEvery = 5000

export interface Flush {
  target: Target
  /** Only what was submitted before it, ISO 8601. */
  until: () => string
  /** Some of the rows are done. */
  onProgress: () => void
}

/** `lost`: the lease, so that another instance may be at it. */
type Outcome = 'more is due' | 'done' | 'lost'

/** False where another instance is at it. Rejects with why rows wait. */
export async function flushTab(options: FlushOptions, flush: Flush): Promise<boolean> {
  const { buffer, governor } = options
  const lease = await buffer.lease(flush.target, leaseFor)
  if (!lease) return false
  const renewing = setInterval(() => void lease.renew().catch(() => {}), renewEvery)
  try {
    // Collected once the quota has room: while it has none, batches grow.
    let outcome: Outcome
    do outcome = await governor.reserve(() => flushOnce(options, flush, lease))
    while (outcome === 'more is due')
    return outcome === 'done'
  } finally {
    clearInterval(renewing)
    await lease.release()
  }
}

async function flushOnce(options: FlushOptions, flush: Flush, lease: Lease): Promise<Outcome> {
  if (!(await lease.renew())) return 'lost'
  const due = await options.buffer.due(flush.target, flush.until(), mostRows)
  const meant = await leaveOut(options, flush.target, due)
  const entries = withinBytes(meant)
  if (entries.length > 0) {
    const recorded = await options.write(flush.target, entries)
    for (let n = 0; n < entries.length; n += publishedAtOnce) {
      await say(options, flush, { entries: entries.slice(n, n + publishedAtOnce), recorded })
    }
  }
  return entries.length < meant.length || due.length === mostRows ? 'more is due' : 'done'
}

/**
 * Rows go where their form's present file says. One that has a row here may have been written, and stays, so that none is
 * written twice.
 */
async function leaveOut(
  { buffer, targetOf }: FlushOptions,
  target: Target,
  due: Entry[],
): Promise<Entry[]> {
  const gone = new Set<string>()
  for (const [form, own] of Map.groupBy(due, ({ cause }) => cause.form)) {
    const present = targetOf(form)
    if (!present || isSame(present, target)) continue
    for (let n = 0; n < own.length; n += movedAtOnce) {
      const ids = own.slice(n, n + movedAtOnce).map(({ id }) => id)
      const stay = new Set(await buffer.move(target, present, ids))
      for (const id of ids) if (!stay.has(id)) gone.add(id)
    }
  }
  return gone.size === 0 ? due : due.filter(({ id }) => !gone.has(id))
}

interface Written {
  entries: Entry[]
  recorded: ReadonlyMap<string, Recorded>
}

/** Rows whose event was published leave the buffer; the others are published again at the next flush. */
async function say(
  { buffer, publish }: FlushOptions,
  { target, onProgress }: Flush,
  { entries, recorded }: Written,
): Promise<void> {
  const { spreadsheet } = target
  const outcomes = await Promise.allSettled(
    entries.map((entry) => publish(spreadsheet, entry, recorded.get(entry.id) as Recorded)),
  )
  const said = entries.filter((_, n) => outcomes[n]?.status === 'fulfilled')
  await buffer.remove(
    spreadsheet,
    said.map(({ id }) => id),
  )
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (!failure) return
  if (said.length > 0) onProgress()
  throw failure.reason
}

/** At least one. */
function withinBytes(entries: Entry[]): Entry[] {
  let bytes = 0
  const past = entries.findIndex(({ values }) => {
    bytes += 100 + globalThis.Buffer.byteLength(JSON.stringify(values))
    return bytes > mostBytes
  })
  return past === -1 ? entries : entries.slice(0, Math.max(1, past))
}
