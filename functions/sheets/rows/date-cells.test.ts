// Dates and times as real dates on the emulator: stored values, formats and displayed text.
import { expect, test } from '@jest/globals'
import { addColumns } from '../google/requests.ts'
import type { Entry } from '../row.ts'
import { entry, spreadsheetId, startSheet } from '../sheets.fixture.ts'
import { toDayCell, toTimeCell } from './date-cells.ts'

const time = '2026-01-02T03:04:05.678Z'
const dated = (n: number, more: Entry['values'] = []): Entry => ({
  ...entry(n),
  timeCell: toTimeCell(time, { dates: 'real', timezone: 'Asia/Kolkata' }),
  values: [['born', toDayCell('2000-02-29')], ['age', 5], ['name', 'Ann'], ...more],
})

/** Cells of a row as Google returns them. */
async function cellsOf({ api }: Awaited<ReturnType<typeof startSheet>>, row: number) {
  const { data } = await api.spreadsheets.get({
    spreadsheetId,
    ranges: [`Responses!${row}:${row}`],
    fields: 'sheets(data(rowData(values(userEnteredValue,userEnteredFormat,formattedValue))))',
  })
  return data.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values ?? []
}

const numberFormat = (type: string, pattern: string) => ({ numberFormat: { type, pattern } })

test('dates and times are numbers with a date format; other cells have no format', async () => {
  const sheet = await startSheet()
  await sheet.writer().write([entry(0), dated(1)])
  const [id, at, item1, born, age, name] = await cellsOf(sheet, 3)
  expect(born).toEqual({
    userEnteredValue: { numberValue: 36_585 },
    userEnteredFormat: numberFormat('DATE', 'yyyy-mm-dd'),
    formattedValue: '2000-02-29',
  })
  expect(at).toEqual({
    userEnteredValue: { numberValue: expect.closeTo(46_024.357002, 6) },
    userEnteredFormat: numberFormat('DATE_TIME', 'yyyy-mm-dd hh:mm:ss'),
    formattedValue: '2026-01-02 08:34:05',
  })
  expect(age).toEqual({ userEnteredValue: { numberValue: 5 }, formattedValue: '5' })
  expect(item1).toEqual({})
  for (const text of [id, name]) expect(text?.userEnteredFormat).toBeUndefined()
  expect((await cellsOf(sheet, 2))[1]).toEqual({
    userEnteredValue: { stringValue: entry(0).time },
    formattedValue: entry(0).time,
  })
})

test('the buffer returns date cells unchanged, and a redelivery gives no second row', async () => {
  const sheet = await startSheet()
  await sheet.buffer.add(spreadsheetId, [dated(1)])
  const target = { spreadsheet: spreadsheetId, tab: 'Responses' }
  expect(await sheet.buffer.due(target, '9', 10)).toEqual([dated(1)])
  await sheet.writer().write([dated(1)])
  await sheet.writer().write([dated(1), dated(2)])
  expect((await sheet.rows()).map(([one]) => one)).toEqual(['id', 'id-1', 'id-2'])
})

test('a number format that a person set on their own column is kept', async () => {
  const sheet = await startSheet()
  await sheet.writer().write([dated(1)])
  const sheetId = await sheet.sheetId()
  await sheet.put('H2', [40_000])
  const format = { type: 'DATE', pattern: 'yyyy-mm-dd' }
  const range = {
    sheetId,
    startRowIndex: 1,
    endRowIndex: 2,
    startColumnIndex: 7,
    endColumnIndex: 8,
  }
  const cell = { userEnteredFormat: { numberFormat: format } }
  await sheet.change({ repeatCell: { range, cell, fields: 'userEnteredFormat.numberFormat' } })
  await sheet.writer().write([dated(2, [['count', 7]])])
  expect((await cellsOf(sheet, 2))[7]?.formattedValue).toBe('2009-07-06')
  expect((await cellsOf(sheet, 3))[8]).toEqual({
    userEnteredValue: { numberValue: 7 },
    formattedValue: '7',
  })
})

test('a new column drops the number format that it inherits from its left neighbour', () => {
  const columns = [
    { name: 'a', label: 'a' },
    { name: 'b', label: 'b' },
  ]
  const [inserted, unformatted] = addColumns(7, { columns, at: 4, headerRow: 1 })
  expect(inserted?.insertDimension?.inheritFromBefore).toBe(true)
  expect(unformatted).toEqual({
    repeatCell: {
      range: { sheetId: 7, startColumnIndex: 4, endColumnIndex: 6 },
      cell: {},
      fields: 'userEnteredFormat.numberFormat',
    },
  })
})
