// Dates and times as Sheets stores them: days since 1899-12-30, by the clock of a time zone.
import type { Cell } from '../row.ts'
import { inZone } from './time-zone.ts'

/** 1970-01-01 as Sheets counts days. */
const unixEpoch = 25_569
const dayMs = 86_400_000

export interface TimeOptions {
  /** `real`: Sheets can sort and calculate with them. `text`: as they were submitted. */
  dates: 'text' | 'real'
  timezone?: string | undefined
}

/** The cell under `submitted at`. Real dates have whole seconds, because Sheets would round what it does not show. */
export function toTimeCell(time: string, { dates, timezone }: TimeOptions): Cell {
  const local = () => inZone(time, timezone ?? 'UTC')
  if (dates === 'real') return { serial: toSerial(local()) as number, format: 'DATE_TIME' }
  return timezone ? local() : new Date(time).toISOString()
}

/** A text that is no date stays a text: the field may have had another type before. */
export function toDayCell(text: string): Cell {
  const serial = /^\d{4}-\d\d-\d\d$/.test(text) ? toSerial(text) : undefined
  return serial === undefined ? text : { serial, format: 'DATE' }
}

const dateOrTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** Days since 1899-12-30 for a date, or a date and time as `submitted at` has it as text. Ignores the offset: the clock counts. */
export function toSerial(text: string): number | undefined {
  const [, day, time = '00:00:00'] = dateOrTime.exec(text) ?? []
  const at = new Date(`${day}T${time}Z`)
  // JavaScript turns February 30 into a day in March.
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(String(day))) return undefined
  return at.getTime() / dayMs + unixEpoch
}

/** YYYY-MM-DD; undefined if the number is not a whole day. */
export function toDay(serial: number): string | undefined {
  const at = new Date((serial - unixEpoch) * dayMs)
  if (!Number.isInteger(serial) || Number.isNaN(at.getTime())) return undefined
  return at.toISOString().slice(0, -'T00:00:00.000Z'.length)
}
