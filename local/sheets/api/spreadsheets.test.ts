// Tabs, grids and developer metadata, through the real client.
import { expect, test } from '@jest/globals'
import { refused, spreadsheetId, startEmulator, temporaryFile } from '../emulator.fixture.ts'

const addSheet = (sheetId: number, title: string) => ({
  addSheet: { properties: { sheetId, title } },
})
const createMetadata = (metadataId: number, metadataValue: string, sheetId = 7) => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId,
      metadataKey: 'form',
      metadataValue,
      visibility: 'DOCUMENT',
      location: { sheetId },
    },
  },
})
const rows = (startIndex: number, endIndex: number) => ({
  range: { sheetId: 0, dimension: 'ROWS', startIndex, endIndex },
})

test('a spreadsheet exists from its first use, with one empty tab', async () => {
  const { client } = await startEmulator()
  const { data } = await client.spreadsheets.get({ spreadsheetId })
  const gridProperties = { rowCount: 1000, columnCount: 26 }
  const properties = { sheetId: 0, title: 'Sheet1', index: 0, sheetType: 'GRID', gridProperties }
  expect(data).toEqual({
    spreadsheetId,
    properties: { title: spreadsheetId },
    sheets: [{ properties }],
  })
})

test('a spreadsheet can be created with tabs', async () => {
  const { client } = await startEmulator()
  const requestBody = { properties: { title: 'Made' }, sheets: [{ properties: { title: 'One' } }] }
  const { data } = await client.spreadsheets.create({ requestBody })
  expect(data).toMatchObject(requestBody)
  const again = await client.spreadsheets.get({ spreadsheetId: data.spreadsheetId! })
  expect(again.data).toEqual(data)
})

test('a batch creates a tab and its metadata, or neither', async () => {
  const { change, client } = await startEmulator()
  const { replies } = await change(addSheet(7, 'Responses'), createMetadata(1, 'first'))
  expect(replies).toMatchObject([
    { addSheet: { properties: { sheetId: 7, title: 'Responses', index: 1 } } },
    { createDeveloperMetadata: { developerMetadata: { metadataId: 1 } } },
  ])

  await expect(change(addSheet(8, 'Others'), createMetadata(1, 'second', 8))).rejects.toMatchObject(
    refused(400, /^Invalid requests\[1\]\.createDeveloperMetadata: .*1 already exists/),
  )
  await expect(change(addSheet(8, 'Responses'))).rejects.toMatchObject(
    refused(400, /A sheet with the name "Responses" already exists/),
  )
  await expect(change(addSheet(7, 'Others'))).rejects.toMatchObject(refused(400, /already exists/))

  const { sheets } = (await client.spreadsheets.get({ spreadsheetId })).data
  expect(sheets?.map(({ properties }) => properties?.title)).toEqual(['Sheet1', 'Responses'])
  expect(sheets?.[1]?.developerMetadata).toMatchObject([{ metadataId: 1, metadataValue: 'first' }])
})

test('metadata is found by its values, and then changed or deleted', async () => {
  const { change, client } = await startEmulator()
  await change(addSheet(7, 'Responses'), createMetadata(1, 'old'), createMetadata(2, 'other'))
  const byId = { developerMetadataLookup: { metadataId: 1 } }
  const developerMetadata = { metadataValue: 'new' }
  await change(
    {
      updateDeveloperMetadata: { dataFilters: [byId], developerMetadata, fields: 'metadataValue' },
    },
    { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId: 2 } } } },
  )
  const { data } = await client.spreadsheets.get({ spreadsheetId, ranges: ['Responses!A1'] })
  expect(data.sheets?.[0]?.developerMetadata).toEqual([
    {
      metadataId: 1,
      metadataKey: 'form',
      metadataValue: 'new',
      visibility: 'DOCUMENT',
      location: { locationType: 'SHEET', sheetId: 7 },
    },
  ])
})

test('get returns the fields of the mask, with the cells of the requested ranges', async () => {
  const { change, write, client } = await startEmulator()
  await change(addSheet(7, 'Responses'), createMetadata(1, 'first'))
  await write({ range: 'Responses!A1', values: [['id', 'name'], ['1'], [], ['3', 'Ann']] })

  const fields = 'sheets(properties,developerMetadata,data.rowData.values.formattedValue)'
  const ranges = ['Responses!1:1', 'Responses!A2:A101']
  const { data } = await client.spreadsheets.get({ spreadsheetId, ranges, fields })

  expect(Object.keys(data)).toEqual(['sheets'])
  expect(data.sheets).toMatchObject([{ properties: { sheetId: 7 }, developerMetadata: [{}] }])
  expect(data.sheets?.[0]?.data).toEqual([
    { rowData: [{ values: [{ formattedValue: 'id' }, { formattedValue: 'name' }] }] },
    {
      rowData: [{ values: [{ formattedValue: '1' }] }, {}, { values: [{ formattedValue: '3' }] }],
    },
  ])
  const whole = await client.spreadsheets.get({ spreadsheetId, ranges, includeGridData: true })
  expect(whole.data.sheets?.[0]?.data?.[1]).toMatchObject({
    startRow: 1,
    rowData: [{ values: [{ userEnteredValue: { stringValue: '1' } }] }, {}, {}],
  })
  const beyond = client.spreadsheets.get({ spreadsheetId, ranges: ['Responses!A1001:A1100'] })
  await expect(beyond).rejects.toMatchObject(refused(400, /exceeds grid limits/))
})

test('deleting rows moves later rows up, inserting rows moves them down', async () => {
  const { change, write, read, client } = await startEmulator()
  await write({ range: 'A1', values: [['1'], ['2'], ['3'], ['4'], ['5']] })
  await change({ deleteDimension: rows(1, 3) }, { insertDimension: rows(0, 1) })
  expect(await read('Sheet1')).toEqual([[], ['1'], ['4'], ['5']])
  const column = { sheetId: 0, dimension: 'COLUMNS', startIndex: 0, endIndex: 1 }
  await change({ insertDimension: { range: column } })
  expect(await read('B:B')).toEqual([[], ['1'], ['4'], ['5']])
  await change({ deleteDimension: { range: { ...column, endIndex: 2 } } })
  expect(await read('Sheet1')).toBeUndefined()
  const { data } = await client.spreadsheets.get({ spreadsheetId })
  const gridProperties = { rowCount: 999, columnCount: 25 }
  expect(data.sheets).toMatchObject([{ properties: { gridProperties } }])
})

test('a grid can grow to the limit of cells; cells outside of a smaller grid are deleted', async () => {
  const { change, write, read } = await startEmulator()
  const append = (length: number) =>
    change({ appendDimension: { sheetId: 0, dimension: 'ROWS', length } })
  await append(500)
  await write({ range: 'A1500', values: [['last']] })
  await expect(append(400_000)).rejects.toMatchObject(refused(400, /limit of 10000000 cells/))

  const gridProperties = { rowCount: 1499 }
  const properties = { sheetId: 0, title: 'Renamed', gridProperties }
  await change({ updateSheetProperties: { properties, fields: 'title,gridProperties.rowCount' } })
  await append(1)
  expect(await read('Renamed!A1500')).toBeUndefined()
})

test('everything is still there after the file is opened again', async () => {
  const file = temporaryFile()
  const first = await startEmulator({ file })
  await first.change(addSheet(7, 'Responses'), createMetadata(1, 'kept'))
  await first.write({ range: 'Responses!A1', values: [['kept']] })
  await first.app.close()

  const second = await startEmulator({ file })
  expect(await second.read('Responses')).toEqual([['kept']])
  const { data } = await second.client.spreadsheets.get({ spreadsheetId, ranges: ['Responses'] })
  expect(data.sheets?.[0]?.developerMetadata).toMatchObject([{ metadataValue: 'kept' }])
})
