// People edit a tab while and after rows are written. Their cells stay as they are, no submission is lost or written twice, and
// each value is in the column of its field.
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
const writtenIds = async () => {
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

/** Values of the row of `id`, by field name. `at`: column index of each field. */
async function valuesOf(id: string, at: Record<string, number>): Promise<Record<string, string>> {
  const row = (await sheet.rows()).find((cells) => cells.includes(id)) ?? []
  return Object.fromEntries(Object.entries(at).map(([name, index]) => [name, row[index] ?? '']))
}

const insertRow = async (at: number) =>
  sheet.change({ insertDimension: { range: await sheet.span('ROWS', at, at + 1) } })

/** Edits of the header, each with the row that the next submission gets. */
const headerEdits: Record<string, { edit: () => Promise<unknown>; row: number }> = {
  'has a blank row above it': { edit: () => insertRow(0), row: 5 },
  'has several title rows above it': {
    async edit() {
      for (let n = 0; n < 3; n++) await insertRow(0)
      await sheet.put('A1', ['Spring answers'], ['', 'do not edit'])
    },
    row: 7,
  },
  'is cleared': { edit: () => sheet.clear('1:1'), row: 4 },
  'is deleted': {
    edit: async () => sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 0, 1) } }),
    row: 3,
  },
  'is sorted in with the data': {
    edit: async () =>
      sheet.change({
        sortRange: {
          range: await box(0, 3),
          sortSpecs: [{ dimensionIndex: 2, sortOrder: 'DESCENDING' }],
        },
      }),
    row: 4,
  },
  'has its id column renamed': { edit: () => sheet.put('A1', ['Submission']), row: 4 },
  'has all columns renamed': { edit: () => sheet.put('A1', ['Nr', 'When', 'Answer']), row: 4 },
  'contains id twice': { edit: () => sheet.put('E1', ['id']), row: 4 },
  'is moved below the data': {
    edit: async () =>
      sheet.change({
        moveDimension: { source: await sheet.span('ROWS', 0, 1), destinationIndex: 3 },
      }),
    row: 4,
  },
}

test.each(Object.keys(headerEdits))(
  'if the header %s, new rows are still written below all others',
  async (kind) => {
    const { edit, row } = headerEdits[kind]!
    const one = sheet.writer()
    await one.write(entries(0, 2))
    await edit()
    const before = (await sheet.rows()).map(String)
    expect(await one.write([entry(2)])).toEqual(new Map([['id-2', row]]))
    // Another process finds the same position.
    expect((await sheet.writer().write(entries(0, 4))).get('id-3')).toBe(row + 1)
    const after = await sheet.rows()
    expect(after.slice(0, before.length).map(String)).toEqual(before)
    expect(after.slice(row - 1)).toEqual([
      ['id-2', time(2), 'answer 2'],
      ['id-3', time(3), 'answer 3'],
    ])
    expect((await writtenIds()).toSorted()).toEqual(names(0, 4))
  },
)

test('the column of a new field is added to the header row, even if people moved that row', async () => {
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

test('a running process finds a header that was cleared and restored in another row', async () => {
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

/** A tab as an earlier version left it: header, rows and stamp, but no metadata on columns. */
async function makeEarlierTab(): Promise<void> {
  await sheet.writer().write(entries(0, 2))
  const metadataLocation = { sheetId: await sheet.sheetId() }
  for (const metadataKey of ['formstream.column', 'formstream.header']) {
    const developerMetadataLookup = { metadataKey, metadataLocation }
    await sheet.change({ deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup } } })
  }
}

test('a tab of an earlier version continues to be written, even if its header has moved', async () => {
  await makeEarlierTab()
  await insertRow(0)
  await sheet.put('A1', ['A title'])
  expect(await sheet.writer().write(entries(1, 3))).toEqual(
    new Map([
      ['id-1', 4],
      ['id-2', 5],
    ]),
  )
  // The columns now have metadata, so the header may be renamed.
  await sheet.put('A2', ['Nr', 'When', 'Answer'])
  await sheet.writer().write([entry(3)])
  expect((await sheet.rows()).slice(3)).toEqual(
    [1, 2, 3].map((n) => [`id-${n}`, time(n), `answer ${n}`]),
  )
})

test('a tab with rows but neither metadata nor header is blocked with a reason until its header is restored', async () => {
  await makeEarlierTab()
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

test('a deleted id column blocks the tab; any other deleted column is added again at the right', async () => {
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

test('notes right of the table stay unchanged when the form gains a field', async () => {
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

test('a column keeps its field when it is renamed or cut and pasted elsewhere', async () => {
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

test('if entries carry labels, headers are labels; equal labels are distinguished by metadata', async () => {
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

test('after rows are deleted, new rows follow without blank rows between', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 30))
  await sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 5, 31) } })
  expect(await one.write([entry(30)])).toEqual(new Map([['id-30', 6]]))
  await sheet.change({ deleteDimension: { range: await sheet.span('ROWS', 1, 6) } })
  expect(await sheet.writer().write([entry(31)])).toEqual(new Map([['id-31', 2]]))
})

/** Edits between the read of a tab and the call that writes to it. */
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
  'each submission is written once if, between read and write, people %s',
  async (kind) => {
    await sheet.writer().write(entries(0, 10))
    await sheet.put('D12', ['mine below'])
    const api = editedMeanwhile(sheet.api, edits[kind]!)
    const rows = await sheet.writer({ api }).write(entries(10, 14))
    expect((await writtenIds()).toSorted()).toEqual(names(0, 14).toSorted())
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

test('a new header is written to the header row, even if people move that row between read and write', async () => {
  await sheet.writer().write([entry(0)])
  const api = editedMeanwhile(sheet.api, () => insertRow(0))
  await sheet.writer({ api }).write([entry(1, { item1: 'x', item2: 'new' })])
  expect((await sheet.rows())[1]).toEqual(['id', 'submitted at', 'item1', 'item2'])
  expect((await sheet.rows())[3]).toEqual(['id-1', time(1), 'x', 'new'])
})

test('rows are not written into merged cells below the last row', async () => {
  await sheet.writer().write(entries(0, 2))
  await sheet.put('A4', ['a sum'])
  await sheet.change({ mergeCells: { range: await box(3, 6, 0, 2), mergeType: 'MERGE_ALL' } })
  expect(await sheet.writer().write([entry(2)])).toEqual(new Map([['id-2', 7]]))
  expect((await sheet.rows())[3]).toEqual(['a sum'])
})

test('rows wait, with a reason, if people edit the tab before each call', async () => {
  await sheet.writer().write(entries(0, 2))
  const edit = async () =>
    sheet.change({ insertDimension: { range: await sheet.span('COLUMNS', 0, 1) } })
  const api = editedMeanwhile(sheet.api, edit, 100)
  await expect(sheet.writer({ api }).write([entry(2)])).rejects.toThrow(
    /People keep changing the tab/,
  )
  await sheet.writer().write([entry(2)])
  expect(await writtenIds()).toEqual(names(0, 3))
})

test('case is ignored in titles, so no second tab is created', async () => {
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

test('no second tab is created for a renamed one: rows are blocked until it has its name back', async () => {
  await sheet.writer().write(entries(0, 2))
  const properties = { sheetId: await sheet.sheetId(), title: 'Answers' }
  await sheet.change({ updateSheetProperties: { properties, fields: 'title' } })
  await expect(sheet.writer().write([entry(2)])).rejects.toMatchObject({
    name: 'Blocked',
    message: expect.stringMatching(/demo\/Responses, found it under another name/),
  })
  const back = { ...properties, title: 'Responses' }
  await sheet.change({ updateSheetProperties: { properties: back, fields: 'title' } })
  // The ledger still knows which rows the tab has.
  await sheet.writer().write(entries(0, 3))
  expect(await writtenIds()).toEqual(names(0, 3))
})

test('an ordinary batch takes one read and one write', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 5))
  const before = await sheet.stats()
  for (let n = 1; n < 5; n++) await one.write(entries(n * 5, n * 5 + 5))
  const after = await sheet.stats()
  expect([after.reads - before.reads, after.writes - before.writes]).toEqual([4, 4])
})

test('if Google refuses the guards, rows are written without them, and soon with no extra calls', async () => {
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
  expect(await writtenIds()).toEqual(names(0, 8))
})

test('after people move a column and move it back, later rows are still written with guards', async () => {
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

test('if Google refuses rows with and without guards, its message is reported', async () => {
  await sheet.writer().write(entries(0, 2))
  const refusing = withBatchUpdate(sheet.api, async (requests, send) => {
    if (requests.some(insertsRows))
      throw Object.assign(new Error('You are trying to edit a protected cell'), { status: 400 })
    return send()
  })
  const blocked = sheet.writer({ api: refusing }).write(entries(2, 4))
  await expect(blocked).rejects.toThrow('You are trying to edit a protected cell')
  await sheet.writer().write(entries(2, 4))
  expect(await writtenIds()).toEqual(names(0, 4))
})

test('only the newest batch mark is kept in the tab', async () => {
  const one = sheet.writer()
  for (let n = 0; n < 6; n++) await one.write([entry(n)])
  const snapshot = await sheet.tab('Responses').read()
  expect(snapshot?.batchMarks).toHaveLength(1)
})
