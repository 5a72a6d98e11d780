// What people do to a tab while and after rows are written: nothing of theirs is changed, no answer is lost or doubled, and each
// value stands in the column of its field.
import { beforeEach, expect, test } from '@jest/globals'
import { removeStamp } from '../google/stamp.ts'
import type { Entry } from '../row.ts'
import {
  editedMeanwhile,
  entries,
  entry,
  insertsRows,
  startSheet,
  withBatchUpdate,
} from '../sheets.fixture.ts'

let sheet: Awaited<ReturnType<typeof startSheet>>
beforeEach(async () => {
  sheet = await startSheet()
})

const time = (n: number) => entry(n).time
const standing = async () => {
  const rows = await sheet.rows()
  return rows.flat().filter((cell) => /^id-\d+$/.test(cell))
}
const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)
const box = async (top: number, bottom: number, left = 0, right = 26) => ({
  sheetId: await sheet.sheetId(),
  startRowIndex: top,
  endRowIndex: bottom,
  startColumnIndex: left,
  endColumnIndex: right,
})

/** The row of an id with its values by the names that the header had when it was written. */
async function valuesOf(id: string, at: Record<string, number>): Promise<Record<string, string>> {
  const row = (await sheet.rows()).find((cells) => cells.includes(id)) ?? []
  return Object.fromEntries(Object.entries(at).map(([name, index]) => [name, row[index] ?? '']))
}

const insertRow = async (at: number) =>
  sheet.change({ insertDimension: { range: await sheet.span('ROWS', at, at + 1) } })

/** What people do to the header, and in which row the next answer stands. */
const headerEdits: Record<string, { edit: () => Promise<unknown>; row: number }> = {
  'a blank row above it': { edit: () => insertRow(0), row: 5 },
  'several title rows above it': {
    async edit() {
      for (let n = 0; n < 3; n++) await insertRow(0)
      await sheet.put('A1', ['Answers of the spring'], ['', 'do not edit'])
    },
    row: 7,
  },
  cleared: { edit: () => sheet.clear('1:1'), row: 4 },
  deleted: {
    edit: async () => sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 0, 1) } }),
    row: 3,
  },
  'sorted in with the data': {
    edit: async () =>
      sheet.change({
        sortRange: {
          range: await box(0, 3),
          sortSpecs: [{ dimensionIndex: 2, sortOrder: 'DESCENDING' }],
        },
      }),
    row: 4,
  },
  'id renamed': { edit: () => sheet.put('A1', ['Submission']), row: 4 },
  'all renamed': { edit: () => sheet.put('A1', ['Nr', 'When', 'Answer']), row: 4 },
  'id twice': { edit: () => sheet.put('E1', ['id']), row: 4 },
  'moved below the data': {
    edit: async () =>
      sheet.change({
        moveDimension: { source: await sheet.span('ROWS', 0, 1), destinationIndex: 3 },
      }),
    row: 4,
  },
}

test.each(Object.keys(headerEdits))('the header %s: rows go on below all others', async (kind) => {
  const { edit, row } = headerEdits[kind]!
  const one = sheet.writer()
  await one.write(entries(0, 2))
  await edit()
  const before = (await sheet.rows()).map(String)
  expect(await one.write([entry(2)])).toEqual(new Map([['id-2', row]]))
  // Another process finds the same.
  expect((await sheet.writer().write(entries(0, 4))).get('id-3')).toBe(row + 1)
  const after = await sheet.rows()
  expect(after.slice(0, before.length).map(String)).toEqual(before)
  expect(after.slice(row - 1)).toEqual([
    ['id-2', time(2), 'answer 2'],
    ['id-3', time(3), 'answer 3'],
  ])
  expect((await standing()).toSorted()).toEqual(names(0, 4))
})

test('a header that moved is followed where the form gains a field', async () => {
  const one = sheet.writer()
  await one.write([entry(0)])
  await insertRow(0)
  await one.write([entry(1, { item1: 'x', item2: 'new' })])
  expect(await sheet.rows()).toEqual([
    [],
    ['id', 'submitted at', 'item1', 'item2'],
    ['id-0', time(0), 'answer 0'],
    ['id-1', time(1), 'x', 'new'],
  ])
})

test('a header that was cleared and put back elsewhere names the next new field, by the same process', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 2))
  await sheet.clear('1:1')
  await one.write([entry(2)])
  await insertRow(0)
  await insertRow(0)
  await sheet.put('A3', ['id', 'submitted at', 'item1'])
  await one.write([entry(3, { item1: 'x', item2: 'new' })])
  expect((await sheet.rows())[2]).toEqual(['id', 'submitted at', 'item1', 'item2'])
})

/** As an earlier version left it: a header, rows and the stamp, and no metadata on columns. */
async function givenEarlierTab(): Promise<void> {
  await sheet.writer().write(entries(0, 2))
  const metadataLocation = { sheetId: await sheet.sheetId() }
  for (const metadataKey of ['formstream.column', 'formstream.header']) {
    const developerMetadataLookup = { metadataKey, metadataLocation }
    await sheet.change({ deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup } } })
  }
}

test('a tab of an earlier version is gone on with, also where its header has moved', async () => {
  await givenEarlierTab()
  await insertRow(0)
  await sheet.put('A1', ['A title'])
  expect(await sheet.writer().write(entries(1, 3))).toEqual(
    new Map([
      ['id-1', 4],
      ['id-2', 5],
    ]),
  )
  // From now on its header may be renamed.
  await sheet.put('A2', ['Nr', 'When', 'Answer'])
  await sheet.writer().write([entry(3)])
  expect((await sheet.rows()).slice(3)).toEqual(
    [1, 2, 3].map((n) => [`id-${n}`, time(n), `answer ${n}`]),
  )
})

test('a tab that holds rows and has lost metadata and header is blocked with a reason; its header back, it goes on', async () => {
  await givenEarlierTab()
  await sheet.put('A1', ['Nr', 'When'])
  const before = await sheet.rows()
  const blocked = sheet.writer().write([entry(2)])
  await expect(blocked).rejects.toMatchObject({
    name: 'Blocked',
    message: expect.stringMatching(/demo\/Responses.*headed "id".*found none: write "id" above/),
  })
  expect(await sheet.rows()).toEqual(before)
  await sheet.put('A1', ['id', 'submitted at'])
  expect(await sheet.writer().write([entry(2)])).toEqual(new Map([['id-2', 4]]))
})

test('a deleted column of ids is blocked, too; any other comes again at the right', async () => {
  const one = sheet.writer()
  await one.write([entry(0, { a: 'a0', b: 'b0' })])
  await sheet.change({ deleteDimension: { range: await sheet.span('COLUMNS', 2, 3) } })
  await one.write([entry(1, { a: 'a1', b: 'b1' })])
  expect(await sheet.rows()).toEqual([
    ['id', 'submitted at', 'b', 'a'],
    ['id-0', time(0), 'b0'],
    ['id-1', time(1), 'b1', 'a1'],
  ])
  await sheet.change({ deleteDimension: { range: await sheet.span('COLUMNS', 0, 1) } })
  await expect(one.write([entry(2)])).rejects.toMatchObject({ name: 'Blocked' })
})

test('notes right of the table stay as they are where the form gains a field', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 2))
  await sheet.put('D2', ['called'], ['', 'twice'])
  await sheet.put('F9', ['far below'])
  await one.write([entry(2, { item1: 'x', item2: 'new' })])
  expect(await sheet.rows()).toEqual([
    ['id', 'submitted at', 'item1', '', '', '', 'item2'],
    ['id-0', time(0), 'answer 0', 'called'],
    ['id-1', time(1), 'answer 1', '', 'twice'],
    ['id-2', time(2), 'x', '', '', '', 'new'],
    [],
    [],
    [],
    [],
    [],
    ['', '', '', '', '', 'far below'],
  ])
})

test('a renamed column keeps its field; one that was cut and pasted is followed', async () => {
  const one = sheet.writer()
  await one.write([entry(0, { a: 'a0', b: 'b0' })])
  await sheet.put('C1', ['Full name'])
  const source = await box(0, 2, 3, 4)
  const destination = { sheetId: await sheet.sheetId(), rowIndex: 0, columnIndex: 6 }
  await sheet.change({ cutPaste: { source, destination, pasteType: 'PASTE_NORMAL' } })
  await one.write([entry(1, { a: 'a1', b: 'b1' })])
  await sheet.writer().write([entry(2, { a: 'a2', b: 'b2' })])
  const at = { id: 0, a: 2, b: 6 }
  expect(await valuesOf('id-1', at)).toEqual({ id: 'id-1', a: 'a1', b: 'b1' })
  expect(await valuesOf('id-2', at)).toEqual({ id: 'id-2', a: 'a2', b: 'b2' })
  expect((await sheet.rows())[0]).toEqual(['id', 'submitted at', 'Full name', '', '', '', 'b'])
})

test('headers are labels where the entries carry them, and are told apart by metadata', async () => {
  const labelled = (one: Entry): Entry => ({
    ...one,
    labels: [
      ['a', 'Date'],
      ['b', 'Date'],
    ],
  })
  await sheet.writer().write([labelled(entry(0, { a: 'a0', b: 'b0' }))])
  await sheet.writer().write([labelled(entry(1, { a: 'a1', b: 'b1' }))])
  await sheet.writer().write([entry(2, { a: 'a2', b: 'b2' })])
  expect(await sheet.rows()).toEqual([
    ['id', 'submitted at', 'Date', 'Date'],
    ...[0, 1, 2].map((n) => [`id-${n}`, time(n), `a${n}`, `b${n}`]),
  ])
})

test('deleted rows leave no blank rows above new ones', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 30))
  await sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 5, 31) } })
  expect(await one.write([entry(30)])).toEqual(new Map([['id-30', 6]]))
  await sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 1, 6) } })
  expect(await sheet.writer().write([entry(31)])).toEqual(new Map([['id-31', 2]]))
})

/** What people do between the look at a tab and the call that writes to it. */
const edits: Record<string, () => Promise<unknown>> = {
  'insert a row at the top': () => insertRow(0),
  'insert a row within the data': () => insertRow(3),
  'delete a row of their own': async () =>
    sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 11, 12) } }),
  'delete all rows below': async () =>
    sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 11, 1000) } }),
  'insert a column': async () =>
    sheet.change({ insertDimension: { range: await sheet.span('COLUMNS', 0, 1) } }),
  'move a column': async () =>
    sheet.change({
      moveDimension: { source: await sheet.span('COLUMNS', 2, 3), destinationIndex: 0 },
    }),
  sort: async () =>
    sheet.change({
      sortRange: {
        range: await box(1, 11),
        sortSpecs: [{ dimensionIndex: 0, sortOrder: 'DESCENDING' }],
      },
    }),
  'cut a row and paste it where new ones go': async () =>
    sheet.change({
      cutPaste: {
        source: await box(2, 3),
        destination: { sheetId: await sheet.sheetId(), rowIndex: 12, columnIndex: 0 },
        pasteType: 'PASTE_NORMAL',
      },
    }),
  'write where new rows go': () => sheet.put('A13', ['mine', 'mine', 'mine', 'mine']),
  'merge cells where new rows go': async () =>
    sheet.change({ mergeCells: { range: await box(11, 15, 0, 3), mergeType: 'MERGE_ALL' } }),
  'rename the tab and back': async () => {
    const properties = { sheetId: await sheet.sheetId(), title: 'Other' }
    await sheet.change({ updateSheetProperties: { properties, fields: 'title' } })
    const back = { ...properties, title: 'Responses' }
    await sheet.change({ updateSheetProperties: { properties: back, fields: 'title' } })
  },
}

test.each(Object.keys(edits))(
  'between look and call people %s: all answers stand, once',
  async (kind) => {
    await sheet.writer().write(entries(0, 10))
    await sheet.put('D12', ['mine below'])
    const api = editedMeanwhile(sheet.api, edits[kind]!)
    const rows = await sheet.writer({ api }).write(entries(10, 14))
    expect((await standing()).toSorted()).toEqual(names(0, 14).toSorted())
    const all = await sheet.rows()
    const header = all.find((cells) => cells.includes('submitted at')) ?? []
    for (const [id, row] of rows) {
      const cells = all[row - 1] ?? []
      const n = Number(id.slice(3))
      expect(
        header.map((name, index) => [name, cells[index] ?? '']).filter(([name]) => name),
      ).toEqual(
        header
          .filter(Boolean)
          .map((name) => [name, { id, 'submitted at': time(n), item1: `answer ${n}` }[name]]),
      )
    }
  },
)

test('a new header stands in the header row, also where people moved that between look and call', async () => {
  await sheet.writer().write([entry(0)])
  const api = editedMeanwhile(sheet.api, () => insertRow(0))
  await sheet.writer({ api }).write([entry(1, { item1: 'x', item2: 'new' })])
  expect((await sheet.rows())[1]).toEqual(['id', 'submitted at', 'item1', 'item2'])
  expect((await sheet.rows())[3]).toEqual(['id-1', time(1), 'x', 'new'])
})

test('rows do not go within merged cells that lie below the last one', async () => {
  await sheet.writer().write(entries(0, 2))
  await sheet.put('A4', ['a sum'])
  await sheet.change({ mergeCells: { range: await box(3, 6, 0, 2), mergeType: 'MERGE_ALL' } })
  expect(await sheet.writer().write([entry(2)])).toEqual(new Map([['id-2', 7]]))
  expect((await sheet.rows())[3]).toEqual(['a sum'])
})

test('a tab that people edit before each call waits, and says so', async () => {
  await sheet.writer().write(entries(0, 2))
  const edit = async () =>
    sheet.change({ insertDimension: { range: await sheet.span('COLUMNS', 0, 1) } })
  const api = editedMeanwhile(sheet.api, edit, 100)
  await expect(sheet.writer({ api }).write([entry(2)])).rejects.toThrow(
    /People keep changing the tab/,
  )
  await sheet.writer().write([entry(2)])
  expect(await standing()).toEqual(names(0, 3))
})

test('titles compare without case: no second tab is made', async () => {
  await sheet.writer().write(entries(0, 2))
  const other = sheet.open('other.sqlite')
  const blocked = sheet.writer({ title: 'responses', buffer: other }).write([entry(2)])
  await expect(blocked).rejects.toThrow(/the stamp of this row ledger/)
  await removeStamp(sheet.tab('RESPONSES'), (await sheet.tab('responses').read())!)
  const rows = await sheet.writer({ title: 'responses', buffer: other }).write(entries(1, 3))
  expect(rows).toEqual(
    new Map([
      ['id-1', 3],
      ['id-2', 4],
    ]),
  )
})

test('a tab that people gave another name is not made twice: it is blocked until it has its name back', async () => {
  await sheet.writer().write(entries(0, 2))
  const properties = { sheetId: await sheet.sheetId(), title: 'Answers' }
  await sheet.change({ updateSheetProperties: { properties, fields: 'title' } })
  await expect(sheet.writer().write([entry(2)])).rejects.toMatchObject({
    name: 'Blocked',
    message: expect.stringMatching(/demo\/Responses, found it under another name/),
  })
  const back = { ...properties, title: 'Responses' }
  await sheet.change({ updateSheetProperties: { properties: back, fields: 'title' } })
  // The ledger has not forgotten what stands in it.
  await sheet.writer().write(entries(0, 3))
  expect(await standing()).toEqual(names(0, 3))
})

test('an ordinary batch is one read and one write', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 5))
  const before = await sheet.stats()
  for (let n = 1; n < 5; n++) await one.write(entries(n * 5, n * 5 + 5))
  const after = await sheet.stats()
  expect([after.reads - before.reads, after.writes - before.writes]).toEqual([4, 4])
})

test('where Google takes no guards, rows are written without them, before long in as many calls', async () => {
  const api = withBatchUpdate(sheet.api, async (requests, send) => {
    if (requests.some(({ unmergeCells }) => unmergeCells))
      throw Object.assign(new Error('Invalid requests[4]'), { status: 400 })
    return send()
  })
  const one = sheet.writer({ api })
  for (let n = 0; n < 6; n += 2) await one.write(entries(n, n + 2))
  const before = await sheet.stats()
  await one.write(entries(6, 8))
  const after = await sheet.stats()
  expect([after.reads - before.reads, after.writes - before.writes]).toEqual([1, 1])
  expect(await standing()).toEqual(names(0, 8))
})

test('a column that people moved and moved back does not leave later rows without guards', async () => {
  const moveColumn = async (from: number, destinationIndex: number) =>
    sheet.change({
      moveDimension: { source: await sheet.span('COLUMNS', from, from + 1), destinationIndex },
    })
  let calls = 0
  const api = withBatchUpdate(sheet.api, async (requests, send) => {
    if (!requests.some(insertsRows)) return send()
    calls += 1
    if (calls === 1) {
      await moveColumn(2, 0)
      return send().finally(() => moveColumn(0, 3))
    }
    if (calls === 3) await moveColumn(2, 0)
    return send()
  })
  await sheet.writer().write([entry(0)])
  const one = sheet.writer({ api })
  await one.write([entry(1)])
  expect(calls).toBe(2)
  await one.write([entry(2)])
  expect(await sheet.rows()).toEqual([
    ['item1', 'id', 'submitted at'],
    ...[0, 1, 2].map((n) => [`answer ${n}`, `id-${n}`, time(n)]),
  ])
})

test('what Google refuses, guarded or not, is said as it says it', async () => {
  await sheet.writer().write(entries(0, 2))
  const refusing = withBatchUpdate(sheet.api, async (requests, send) => {
    if (requests.some(insertsRows))
      throw Object.assign(new Error('You are trying to edit a protected cell'), { status: 400 })
    return send()
  })
  const blocked = sheet.writer({ api: refusing }).write(entries(2, 4))
  await expect(blocked).rejects.toThrow('You are trying to edit a protected cell')
  await sheet.writer().write(entries(2, 4))
  expect(await standing()).toEqual(names(0, 4))
})

test('marks of batches do not pile up', async () => {
  const one = sheet.writer()
  for (let n = 0; n < 6; n++) await one.write([entry(n)])
  const snapshot = await sheet.tab('Responses').read()
  expect(snapshot?.batchMarks).toHaveLength(1)
})
