// Writes rows to the Sheets emulator, through Google's own client over HTTP.
import { beforeEach, expect, test } from '@jest/globals'
import { removeStamp } from '../google/stamp.ts'
import type { Tab } from '../google/tab.ts'
import { entries, entry, spreadsheetId, startSheet } from '../sheets.fixture.ts'

let sheet: Awaited<ReturnType<typeof startSheet>>
beforeEach(async () => {
  sheet = await startSheet()
})

const ids = async () => (await sheet.rows()).slice(1).map(([id]) => id ?? '')
const rowsOf = async (startIndex: number, endIndex: number) => ({
  range: await sheet.span('ROWS', startIndex, endIndex),
})

const unstamp = async (tab: Tab) => removeStamp(tab, (await tab.read())!)

test('rows are written below a header, in order of submission, as text that is not run as a formula', async () => {
  const formula = entry(2, { item1: '=1+1', phone: '+917004465984', cgpa: 8.04 })
  expect(await sheet.writer().write([entry(1), formula])).toEqual(
    new Map([
      ['id-1', 2],
      ['id-2', 3],
    ]),
  )
  expect(await sheet.rows()).toEqual([
    ['id', 'submitted at', 'item1', 'phone', 'cgpa'],
    ['id-1', entry(1).time, 'answer 1'],
    ['id-2', formula.time, '=1+1', '+917004465984', '8.04'],
  ])
})

test('a redelivery after a restart changes nothing', async () => {
  await sheet.writer().write(entries(0, 10))
  const before = await sheet.rows()
  expect(await sheet.writer().write(entries(0, 10))).toEqual(
    new Map(entries(0, 10).map(({ id }, n) => [id, n + 2])),
  )
  expect(await sheet.rows()).toEqual(before)
})

test('the grid grows with the rows', async () => {
  const one = sheet.writer()
  for (let n = 0; n < 2500; n += 500) await one.write(entries(n, n + 500))
  expect(await ids()).toEqual(entries(0, 2500).map(({ id }) => id))
})

test('a write that was applied is not repeated if its response was lost', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 5))
  await sheet.setFaults({ rateAppliedButLost: 1 })
  await expect(one.write(entries(5, 10))).rejects.toThrow()
  await sheet.setFaults({ rateAppliedButLost: 0 })
  await one.write(entries(5, 12))
  expect(await ids()).toEqual(entries(0, 12).map(({ id }) => id))
})

test('if rows are deleted by hand, nothing is overwritten and redelivered rows are found in their new position', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 30))
  await sheet.change({ deleteDimension: await rowsOf(1, 11) })
  await one.write(entries(25, 40)).catch(() => one.write(entries(25, 40)))
  const written = (await ids()).filter(Boolean)
  expect(written.toSorted()).toEqual(
    entries(10, 40)
      .map(({ id }) => id)
      .toSorted(),
  )
})

test('if rows are inserted by hand, new rows are written below the last used one', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 10))
  await sheet.change({ insertDimension: await rowsOf(1, 6) })
  await one.write(entries(8, 20))
  const written = (await ids()).filter(Boolean)
  expect(written).toEqual(entries(0, 20).map(({ id }) => id))
})

test('cells that people fill in cleared rows or below all rows are not overwritten', async () => {
  await sheet.writer().write(entries(0, 5))
  const update = (range: string, ...values: string[]) =>
    sheet.api.spreadsheets.values.update({
      spreadsheetId,
      range: `Responses!${range}`,
      valueInputOption: 'RAW',
      requestBody: { values: [values] },
    })
  await sheet.api.spreadsheets.values.clear({ spreadsheetId, range: 'Responses!3:4' })
  await update('C4', 'a note')
  await update('C7', 'a sum')
  await update('C8', 'and more')
  // Lost and new rows are written below all used cells, in order of submission.
  expect(await sheet.writer().write([entry(1), entry(2), entry(5)])).toEqual(
    new Map([
      ['id-1', 9],
      ['id-2', 10],
      ['id-5', 11],
    ]),
  )
  const texts = (await sheet.rows()).slice(1).map(([, , text = '']) => text)
  const lost = ['answer 0', '', 'a note']
  const below = ['a sum', 'and more', 'answer 1', 'answer 2', 'answer 5']
  expect(texts).toEqual([...lost, 'answer 3', 'answer 4', ...below])
})

test('scattered rows that were cleared are written again, once, below the others', async () => {
  const one = sheet.writer()
  await one.write(entries(0, 900))
  const lost = Array.from({ length: 450 }, (_, n) => n * 2)
  const ranges = lost.map((n) => `Responses!${n + 2}:${n + 2}`)
  await sheet.api.spreadsheets.values.batchClear({ spreadsheetId, requestBody: { ranges } })
  await one.write(lost.map((n) => entry(n)))
  const kept = lost.map((n) => `id-${n + 1}`)
  const again = lost.map((n) => `id-${n}`)
  expect((await ids()).filter(Boolean)).toEqual([...kept, ...again])
})

test('a row whose only content is an unticked checkbox counts as empty', async () => {
  await sheet.writer().write(entries(0, 2))
  await sheet.api.spreadsheets.values.update({
    spreadsheetId,
    range: 'Responses!D1',
    valueInputOption: 'RAW',
    requestBody: { values: [['done'], ...Array.from({ length: 99 }, () => [false])] },
  })
  expect(await sheet.writer().write([entry(2)])).toEqual(new Map([['id-2', 4]]))
})

test('values follow columns that people moved; a new field gets a column at the right', async () => {
  const one = sheet.writer()
  await one.write([entry(0, { a: 'a0', b: 'b0' })])
  await sheet.change({
    insertDimension: {
      range: { sheetId: await sheet.sheetId(), dimension: 'COLUMNS', startIndex: 0, endIndex: 1 },
    },
  })
  await one.write([entry(0, { a: 'a0', b: 'b0' }), entry(1, { a: 'a1', b: 'b1', c: 'c1' })])
  expect(await sheet.rows()).toEqual([
    ['', 'id', 'submitted at', 'a', 'b', 'c'],
    ['', 'id-0', entry(0).time, 'a0', 'b0'],
    ['', 'id-1', entry(1).time, 'a1', 'b1', 'c1'],
  ])
})

test('a tab that a person filled is used without changing its cells', async () => {
  await sheet.change({ addSheet: { properties: { title: 'Responses' } } })
  const own = [
    ['name', 'note'],
    ['Ann', 'mine'],
    ['', 'also mine'],
  ]
  await sheet.api.spreadsheets.values.update({
    spreadsheetId,
    range: 'Responses!A1',
    valueInputOption: 'RAW',
    requestBody: { values: own },
  })
  await sheet.writer().write([entry(1, { name: 'Bob' })])
  expect(await sheet.rows()).toEqual([
    ['name', 'note', 'id', 'submitted at'],
    ['Ann', 'mine'],
    ['', 'also mine'],
    ['Bob', '', 'id-1', entry(1).time],
  ])
})

test('another ledger is refused with a reason until the tab is adopted', async () => {
  await sheet.writer().write(entries(0, 10))
  const other = sheet.open('other.sqlite')
  const second = sheet.writer({ buffer: other })
  await expect(second.write(entries(5, 15))).rejects.toThrow(
    /Expected the tab demo\/Responses to carry the stamp/,
  )
  expect(await ids()).toHaveLength(10)
  await unstamp(sheet.tab('Responses'))
  await second.write(entries(5, 15))
  expect(await ids()).toEqual(entries(0, 15).map(({ id }) => id))
  await expect(sheet.writer().write(entries(20, 21))).rejects.toThrow(/adopt/)
})

test('a new ledger takes over all parts before it writes, so redelivered rows are found in each of them', async () => {
  await sheet.writer({ maxCells: 269 }).write(entries(0, 20))
  const tabs = (titles: string[]) => titles.map(sheet.tab)
  const all = tabs(['Responses', 'Responses 2', 'Responses 3'])
  const other = sheet.open('other.sqlite')
  const second = sheet.writer({ buffer: other, maxCells: 269 })
  await expect(second.write(entries(0, 25))).rejects.toThrow(/stamp/)
  for (const tab of all) await unstamp(tab)
  await second.write(entries(0, 25))
  const snapshots = await Promise.all(all.map((tab) => tab.read({ headerRow: 1, column: 0 })))
  const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)
  expect(snapshots.map((snapshot) => [...snapshot!.column.values()].slice(1))).toEqual([
    names(0, 9),
    names(9, 18),
    names(18, 25),
  ])
})

test('before a tab has too many cells, rows continue in the next one; a redelivery finds them in all', async () => {
  // 26 columns: rows 2 to 10 fit.
  const one = sheet.writer({ maxCells: 269 })
  for (let n = 0; n < 20; n += 4) await one.write(entries(n, n + 4))
  await one.write(entries(0, 20))
  const { data } = await sheet.api.spreadsheets.values.batchGet({
    spreadsheetId,
    ranges: ['Responses', 'Responses 2', 'Responses 3'],
  })
  const written = data.valueRanges?.map(({ values }) => values?.slice(1).map(([id]) => id))
  const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)
  expect(written).toEqual([names(0, 9), names(9, 18), names(18, 20)])
})
