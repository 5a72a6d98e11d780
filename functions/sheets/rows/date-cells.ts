// Days and times as Sheets keeps them: the number of days since 1899-12-30, by the clocks of a place.
import type { Cell } from './columns.ts'
import { inZone } from './time-zone.ts'

/** Of 1970-01-01. */
const epoch = 25_569
const dayMs = 86_400_000

export interface TimeOptions {
  /** `real`: sortable and countable for Sheets; `text`: as they were sent. */
  dates: 'text' | 'real'
  timezone?: string | undefined
}

/** What stands under `submitted at`. To the second, as it is shown: Sheets would round. */
export function toTimeCell(time: string, { dates, timezone }: TimeOptions): Cell {
  const clock = () => inZone(time, timezone ?? 'UTC')
  if (dates === 'real') return { serial: serialOf(clock()) as number, format: 'DATE_TIME' }
  return timezone ? clock() : new Date(time).toISOString()
}

/** A text that is no day stays one: the field may have had another type once. */
export function toDayCell(text: string): Cell {
  const serial = /^\d{4}-\d\d-\d\d$/.test(text) ? serialOf(text) : undefined
  return serial === undefined ? text : { serial, format: 'DATE' }
}

const written = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** Of a day, or of a day and time as `submitted at` has them as text: what the clocks show counts. */
export function serialOf(text: string): number | undefined {
  const [, day, time = '00:00:00'] = written.exec(text) ?? []
  const at = new Date(`${day}T${time}Z`)
  // A date that does not exist, such as February 30, would be another one.
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(String(day))) return undefined
  return at.getTime() / dayMs + epoch
}

/** YYYY-MM-DD; undefined where the number is no day. */
export function dayOf(serial: number): string | undefined {
  const at = new Date((serial - epoch) * dayMs)
  if (!Number.isInteger(serial) || Number.isNaN(at.getTime())) return undefined
  return at.toISOString().slice(0, -'T00:00:00.000Z'.length)
}
