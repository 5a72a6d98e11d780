import { expect, test } from '@jest/globals'
import { separatorOf, toCell } from './cells.ts'
import { toDay, toDayCell, toSerial, toTimeCell } from './date-cells.ts'
import { inZone } from './time-zone.ts'

test.each([
  [['red', 'blue'], ', '],
  [['red, dark', 'blue'], '; '],
  [['1,5', 'x'], '; '],
  [['a, b', 'c; d'], '\n'],
  [['a,b;c'], '\n'],
  [[], ', '],
])('the options %j are joined with %j', (options, separator) => {
  expect(separatorOf(options)).toBe(separator)
  const cell = toCell(options, options)
  expect(String(cell).split(separator)).toEqual(options.length > 0 ? options : [''])
})

test('all cells of a field have the same separator, also with a choice of an earlier form version', () => {
  expect(toCell(['blue', 'green'], ['red, dark', 'blue', 'green'])).toBe('blue; green')
  expect(toCell(['blue', 'old, gone'], ['blue'])).toBe('blue; old, gone')
  expect([toCell(undefined), toCell(7), toCell(false), toCell('a, b')]).toEqual([
    '',
    7,
    false,
    'a, b',
  ])
})

test.each([
  ['2026-01-02T03:04:05.678Z', 'Asia/Kolkata', '2026-01-02 08:34:05+05:30'],
  ['2026-01-02T23:30:00.000Z', 'Europe/Berlin', '2026-01-03 00:30:00+01:00'],
  ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30:00+02:00'],
  ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30:00+01:00'],
  ['2026-01-02T03:04:05.000Z', 'America/St_Johns', '2026-01-01 23:34:05-03:30'],
  ['2026-01-02T03:04:05.000Z', 'UTC', '2026-01-02 03:04:05+00:00'],
])('%s in %s', (time, zone, expected) => {
  expect(inZone(time, zone)).toBe(expected)
})

test.each([
  ['1899-12-30', 0],
  ['1900-03-01', 61],
  ['1970-01-01', 25_569],
  ['2024-02-29', 45_351],
  ['1899-12-29', -1],
  ['9999-12-31', 2_958_465],
])('the day %s has the serial number %d', (text, serial) => {
  expect(toDayCell(text)).toEqual({ serial, format: 'DATE' })
  expect(toDay(serial)).toBe(text)
})

test.each(['2026-02-30', '02.01.2026', '2026-01-02T03:04:05Z', '', 'x2026-01-02'])(
  'text that is not a day stays text: "%s"',
  (text) => {
    expect(toDayCell(text)).toBe(text)
  },
)

test('a time is local time of the zone, to the second', () => {
  const time = '2026-10-25T01:30:59.999Z'
  const berlin = { timezone: 'Europe/Berlin' }
  expect(toTimeCell(time, { dates: 'real', ...berlin })).toEqual({
    serial: toSerial('2026-10-25 02:30:59'),
    format: 'DATE_TIME',
  })
  expect(toTimeCell(time, { dates: 'text', ...berlin })).toBe('2026-10-25 02:30:59+01:00')
  expect(toTimeCell(time, { dates: 'text' })).toBe(time)
  expect(toSerial('2026-10-25 12:00:00')).toBe(46_320.5)
  expect(toDay(46_320.5)).toBeUndefined()
})
