// Cells by range, through the real client.
import { expect, test } from '@jest/globals'
import { refused, spreadsheetId, startEmulator } from '../emulator.fixture.ts'

test('RAW values come back as they were written: nothing is evaluated', async () => {
  const { write, read } = await startEmulator()
  const row = ['=1+1', '+911234567890', '007', 7.25, true]

  const written = await write({ range: 'Sheet1!A2:E2', values: [row] })

  expect(written).toMatchObject({
    totalUpdatedRows: 1,
    totalUpdatedCells: 5,
    totalUpdatedSheets: 1,
  })
  expect(written.responses).toMatchObject([{ updatedRange: 'Sheet1!A2:E2', updatedColumns: 5 }])
  expect(await read('Sheet1!A2:E2', { valueRenderOption: 'UNFORMATTED_VALUE' })).toEqual([row])
  expect(await read('Sheet1!D2:E2')).toEqual([['7.25', 'TRUE']])
})

test('empty rows and cells are left out at the end only', async () => {
  const { write, read } = await startEmulator()
  await write({ range: 'A1', values: [['a', '', 'c', ''], [], ['x']] })
  expect(await read('Sheet1')).toEqual([['a', '', 'c'], [], ['x']])
  expect(await read('A1:C3', { majorDimension: 'COLUMNS' })).toEqual([['a', '', 'x'], [], ['c']])
  expect(await read('B:B')).toBeUndefined()
  expect(await read('A2:A')).toEqual([[], ['x']])
})

test('null leaves a cell unchanged, an empty string empties it', async () => {
  const { write, read } = await startEmulator()
  await write({ range: 'A1', values: [['a', 'b', 'c']] })
  await write({ range: 'A1', values: [[null, '', 'C']] })
  expect(await read('1:1')).toEqual([['a', '', 'C']])
})

test('a write outside the grid refuses the whole batch', async () => {
  const { write, read } = await startEmulator()
  const inside = { range: 'Sheet1!A1', values: [['in']] }
  const outside = { range: 'Sheet1!A2000:B2000', values: [['out']] }

  const message = 'Range (Sheet1!A2000:B2000) exceeds grid limits. Max rows: 1000, max columns: 26'
  await expect(write(inside, outside)).rejects.toMatchObject({
    status: 400,
    message,
    response: { data: { error: { code: 400, status: 'INVALID_ARGUMENT', message } } },
  })
  expect(await read('A1')).toBeUndefined()
  const growing = write({ range: 'A1000', values: [['last'], ['beyond']] })
  await expect(growing).rejects.toMatchObject(refused(400, /exceeds grid limits/))
})

test('values must fit a range of more than one cell', async () => {
  const { write } = await startEmulator()
  await expect(write({ range: 'A1:B1', values: [['a', 'b', 'c']] })).rejects.toMatchObject(
    refused(400, /within range \[Sheet1!A1:B1\], but tried writing to column \[C\]/),
  )
})

test('an unknown tab, another input option than RAW and too long a cell are refused', async () => {
  const { client, write, read } = await startEmulator()
  await expect(read('Nowhere!A1')).rejects.toMatchObject(
    refused(400, /^Unable to parse range: Nowhere!A1$/),
  )
  await expect(read('A1001:A1002')).rejects.toMatchObject(refused(400, /exceeds grid limits/))
  const entered = { spreadsheetId, range: 'A1', valueInputOption: 'USER_ENTERED' }
  await expect(
    client.spreadsheets.values.update({ ...entered, requestBody: { values: [['=1+1']] } }),
  ).rejects.toMatchObject(refused(400, /RAW only/))
  const long = write({ range: 'A1', values: [['x'.repeat(50_001)]] })
  await expect(long).rejects.toMatchObject(
    refused(400, /more than the maximum of 50000 characters/),
  )
})

test('several ranges are read and cleared at once', async () => {
  const { client, write, read } = await startEmulator()
  const { values } = client.spreadsheets
  await write({
    range: 'A1',
    values: [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  })

  const both = await values.batchGet({ spreadsheetId, ranges: ['A1', 'Sheet1!B2:B'] })
  expect(both.data.valueRanges).toMatchObject([{ values: [['a']] }, { values: [['d'], ['f']] }])

  await values.clear({ spreadsheetId, range: 'Sheet1!A2:Z2' })
  await values.batchClear({ spreadsheetId, requestBody: { ranges: ['B1'] } })
  expect(await read('Sheet1')).toEqual([['a'], [], ['e', 'f']])
})

test('ids and titles may contain any characters, even a colon and a verb', async () => {
  const { client } = await startEmulator()
  const named = { spreadsheetId: 'a/b:batchUpdate ä', range: "'x:clear'!A1" }
  const addSheet = { properties: { title: 'x:clear' } }
  await client.spreadsheets.batchUpdate({ ...named, requestBody: { requests: [{ addSheet }] } })
  const requestBody = { values: [['there']] }
  await client.spreadsheets.values.update({ ...named, valueInputOption: 'RAW', requestBody })
  const { data } = await client.spreadsheets.values.get(named)
  expect(data).toMatchObject({ range: "'x:clear'!A1", values: [['there']] })
})
