// Requests of batchUpdate, as the real client sends them.

import type { sheets_v4 } from '@googleapis/sheets'
import { expect, test } from '@jest/globals'
import { refused, spreadsheetId, startEmulator } from '../emulator.fixture.ts'

type Request = sheets_v4.Schema$Request

const span = (dimension: string, startIndex: number, endIndex: number) => ({
  sheetId: 0,
  dimension,
  startIndex,
  endIndex,
})
const box = (rows: [number, number], columns: [number, number]) => ({
  sheetId: 0,
  startRowIndex: rows[0],
  endRowIndex: rows[1],
  startColumnIndex: columns[0],
  endColumnIndex: columns[1],
})
const mark = (metadataId: number, location: object): Request => ({
  createDeveloperMetadata: {
    developerMetadata: { metadataId, metadataKey: 'mark', visibility: 'DOCUMENT', location },
  },
})
const cells = (rowIndex: number, ...rows: (string | number | boolean)[][]): Request => ({
  updateCells: {
    start: { sheetId: 0, rowIndex, columnIndex: 0 },
    fields: 'userEnteredValue',
    rows: rows.map((row) => ({
      values: row.map((cell) => ({ userEnteredValue: { [`${kindOf(cell)}Value`]: cell } })),
    })),
  },
})
const kindOf = (cell: unknown) => (typeof cell === 'boolean' ? 'bool' : typeof cell)

async function startWithRows() {
  const one = await startEmulator()
  await one.change(cells(0, ['id', 'name'], ['1', 'Ann'], ['2', 'Bob'], ['3', 'Eve']))
  /** The row or column of each mark. */
  const marks = async () => {
    const ranges = ['Sheet1']
    const fields = 'sheets(data(rowMetadata,columnMetadata))'
    const { data } = await one.client.spreadsheets.get({ spreadsheetId, ranges, fields })
    const { rowMetadata = [], columnMetadata = [] } = data.sheets![0]!.data![0]!
    const show = (name: string, all: sheets_v4.Schema$DimensionProperties[]) =>
      all.flatMap(({ developerMetadata = [] }, index) =>
        developerMetadata!.map(({ metadataId }) => `${metadataId}: ${name} ${index}`),
      )
    return [...show('row', rowMetadata!), ...show('column', columnMetadata!)]
  }
  return { ...one, marks }
}

test('rows are inserted at any position; at the end of the grid only with inheritFromBefore', async () => {
  const { change, read } = await startWithRows()
  await change({ insertDimension: { range: span('ROWS', 2, 3), inheritFromBefore: true } })
  expect(await read('A:A')).toEqual([['id'], ['1'], [], ['2'], ['3']])
  const atEnd = { range: span('ROWS', 1001, 1002) }
  await expect(change({ insertDimension: atEnd })).rejects.toMatchObject(refused(400, /startIndex/))
  await change({ insertDimension: { ...atEnd, inheritFromBefore: true } })
  const beyond = { range: span('ROWS', 1003, 1004), inheritFromBefore: true }
  await expect(change({ insertDimension: beyond })).rejects.toMatchObject(
    refused(400, /startIndex\[1003\]/),
  )
  const first = { range: span('ROWS', 0, 1), inheritFromBefore: true }
  await expect(change({ insertDimension: first })).rejects.toMatchObject(refused(400, /is 0/))
})

test('cells are written unchanged; a formula or a cell outside the grid refuses the whole batch', async () => {
  const { change, read } = await startWithRows()
  await change(cells(1, ['=1+1', 7, true], ['', '007']))
  expect(await read('Sheet1', { valueRenderOption: 'UNFORMATTED_VALUE' })).toEqual([
    ['id', 'name'],
    ['=1+1', 7, true],
    ['', '007'],
    ['3', 'Eve'],
  ])
  const formula = { values: [{ userEnteredValue: { formulaValue: '=1' } }] }
  const update = { start: { sheetId: 0 }, fields: 'userEnteredValue', rows: [formula] }
  await expect(change({ updateCells: update })).rejects.toMatchObject(refused(400, /evaluates/))
  await expect(change(cells(3, ['x']), cells(999, ['y'], ['z']))).rejects.toMatchObject(
    refused(400, /requests\[1\].*row: 1001/),
  )
  expect(await read('A4')).toEqual([['3']])
})

test('metadata moves with its row or column and is deleted with it', async () => {
  const { change, marks } = await startWithRows()
  await change(
    mark(1, { dimensionRange: span('ROWS', 2, 3) }),
    mark(2, { dimensionRange: span('COLUMNS', 1, 2) }),
  )
  await change({ insertDimension: { range: span('ROWS', 0, 2) } })
  await change({ moveDimension: { source: span('COLUMNS', 1, 2), destinationIndex: 5 } })
  expect(await marks()).toEqual(['1: row 4', '2: column 4'])
  await change({ moveDimension: { source: span('ROWS', 4, 5), destinationIndex: 1 } })
  expect(await marks()).toEqual(['1: row 1', '2: column 4'])
  await change({ deleteDimension: { range: span('COLUMNS', 0, 5) } })
  expect(await marks()).toEqual(['1: row 1'])
  const two = mark(3, { dimensionRange: span('ROWS', 0, 2) })
  await expect(change(two)).rejects.toMatchObject(refused(400, /single row/))
  const outside = mark(3, { dimensionRange: span('ROWS', 5000, 5001) })
  await expect(change(outside)).rejects.toMatchObject(refused(400, /within/))
})

test('deleting metadata at its exact location and creating it again refuses the batch if it has moved', async () => {
  const { change, read } = await startWithRows()
  const at = (index: number) => ({ dimensionRange: span('COLUMNS', index, index + 1) })
  const guard = (index: number): Request[] => [
    {
      deleteDeveloperMetadata: {
        dataFilter: {
          developerMetadataLookup: {
            metadataId: 2,
            metadataLocation: at(index),
            locationMatchingStrategy: 'EXACT_LOCATION',
          },
        },
      },
    },
    mark(2, at(index)),
  ]
  await change(mark(2, at(1)))
  await change(...guard(1), cells(1, ['written']))
  await change({ insertDimension: { range: span('COLUMNS', 0, 1) } })
  await expect(change(...guard(1), cells(2, ['lost']))).rejects.toMatchObject(
    refused(400, /requests\[1\].createDeveloperMetadata: .*already exists/),
  )
  await change(...guard(2))
  expect(await read('Sheet1')).toEqual([
    ['', 'id', 'name'],
    ['', 'written', 'Ann'],
    ['', '2', 'Bob'],
    ['', '3', 'Eve'],
  ])
})

test('the response contains the cells after the requests, as the mask selects', async () => {
  const { client } = await startWithRows()
  const { data } = await client.spreadsheets.batchUpdate({
    spreadsheetId,
    fields:
      'updatedSpreadsheet(sheets(properties(gridProperties(rowCount)),data(startRow,rowData(values(formattedValue)))))',
    requestBody: {
      requests: [{ insertDimension: { range: span('ROWS', 1, 2) } }, cells(1, ['4'])],
      includeSpreadsheetInResponse: true,
      responseRanges: ['Sheet1!A2:A3'],
    },
  })
  const rowData = [{ values: [{ formattedValue: '4' }] }, { values: [{ formattedValue: '1' }] }]
  expect(data).toEqual({
    updatedSpreadsheet: {
      sheets: [
        { properties: { gridProperties: { rowCount: 1001 } }, data: [{ startRow: 1, rowData }] },
      ],
    },
  })
})

test('rows are sorted, cut and pasted; pasted cells replace what was there', async () => {
  const { change, read } = await startWithRows()
  await change({
    sortRange: {
      range: box([1, 4], [0, 26]),
      sortSpecs: [{ dimensionIndex: 1, sortOrder: 'DESCENDING' }],
    },
  })
  expect(await read('A2:B4')).toEqual([
    ['3', 'Eve'],
    ['2', 'Bob'],
    ['1', 'Ann'],
  ])
  await change({
    cutPaste: {
      source: box([1, 2], [0, 26]),
      destination: { sheetId: 0, rowIndex: 3 },
      pasteType: 'PASTE_NORMAL',
    },
  })
  expect(await read('A1:B5')).toEqual([['id', 'name'], [], ['2', 'Bob'], ['3', 'Eve']])
})

test('values below a merge vanish, and rows inserted within it widen it', async () => {
  const { change, read, write, client } = await startWithRows()
  await change({ mergeCells: { range: box([1, 3], [0, 2]), mergeType: 'MERGE_ALL' } })
  expect(await read('A2:B3')).toEqual([['1']])
  await change({ insertDimension: { range: span('ROWS', 2, 3) } }, cells(2, ['x', 'y', 'z']))
  await write({ range: 'B2', values: [['under']] })
  expect(await read('A2:C4')).toEqual([['1'], ['', '', 'z']])
  const { data } = await client.spreadsheets.get({ spreadsheetId, fields: 'sheets(merges)' })
  expect(data.sheets).toEqual([{ merges: [box([1, 4], [0, 2])] }])
  const tall = { range: box([1, 4], [0, 26]), sortSpecs: [{ dimensionIndex: 0 }] }
  await expect(change({ sortRange: tall })).rejects.toMatchObject(refused(400, /vertical merges/))
  const torn = { source: span('ROWS', 3, 5), destinationIndex: 1 }
  await expect(change({ moveDimension: torn })).rejects.toMatchObject(refused(400, /merged range/))
  await change({ deleteDimension: { range: span('ROWS', 0, 4) } })
  expect((await client.spreadsheets.get({ spreadsheetId, fields: 'sheets(merges)' })).data).toEqual(
    {
      sheets: [{}],
    },
  )
})
