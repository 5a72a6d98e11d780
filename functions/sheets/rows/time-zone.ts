// Times by the clock of a time zone.
import * as z from 'zod'

/** A name from the IANA database. */
export const timezone = z
  .string()
  .refine(isKnown, 'the name of a time zone, like Asia/Kolkata or Europe/Berlin')

function isKnown(name: string): boolean {
  // Intl also takes offsets, which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-01-02 08:34:05+05:30`. It has the offset because one hour occurs twice when summer time ends. */
export function inZone(time: string, zone: string): string {
  const parts = formatOf(zone).formatToParts(new Date(time))
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]))
  const offset = of.timeZoneName === 'GMT' ? '+00:00' : of.timeZoneName?.replace('GMT', '')
  return `${of.year}-${of.month}-${of.day} ${of.hour}:${of.minute}:${of.second}${offset}`
}

/** Cached: creating a format takes a hundred times as long as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  formats.set(zone, format)
  return format
}
