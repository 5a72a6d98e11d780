// The writer on the emulator, through Google's own client over HTTP.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { connectSheets } from './api.ts'
import type { Entry } from './buffer.ts'
import { SqliteBuffer } from './buffer-sqlite.ts'
import type { Cell } from './columns.ts'
import { buildEmulator } from './emulator/app.ts'
import { Series } from './series.ts'
import { Tab, titlesOf } from './tab.ts'

let folder: string
let emulator: FastifyInstance
let api: ReturnType<typeof connectSheets>
let buffer: SqliteBuffer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-sheets-'))
  emulator = buildEmulator({ file: join(folder, 'emulator.sqlite') })
  api = connectSheets({ rootUrl: `${await emulator.listen({ host: '127.0.0.1', port: 0 })}/` })
  buffer = new SqliteBuffer(join(folder, 'buffer.sqlite'))
})
afterEach(async () => {
  await emulator.close()
  await buffer.close()
  await rm(folder, { recursive: true })
})

const spreadsheetId = 'demo'

interface Opened {
  write: (entries: Entry[]) => Promise<Map<string, number>>
}
/** As the flusher has it: one on each start. */
function writer(own = buffer, maxCells = 5_000_000): Opened {
  const opened = own.ledger(spreadsheetId, 'Responses').then(
    (ledger) =>
      new Series({
        tab: (title) => new Tab(api, spreadsheetId, title),
        titles: () => titlesOf(api, spreadsheetId),
        ledger,
        title: 'Responses',
        maxCells,
        timeout: 100,
      }),
  )
  return {
    async write(entries) {
      await own.add(spreadsheetId, entries)
      const recorded = await (await opened).write(entries)
      await own.remove(
        spreadsheetId,
        entries.map(({ id }) => id),
      )
      return new Map([...recorded].map(([id, { row }]) => [id, row]))
    },
  }
}

function entry(n: number, values: Record<string, Cell> = { item1: `answer ${n}` }): Entry {
  const id = `id-${n}`
  const time = new Date(1_000_000 + n).toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'demo' }
  return { id, time, tab: 'Responses', cause, values: Object.entries(values) }
}
const entries = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => entry(from + index))

async function rows(): Promise<string[][]> {
  const { data } = await api.spreadsheets.values.get({ spreadsheetId, range: 'Responses' })
  return data.values ?? []
}
const ids = async () => (await rows()).slice(1).map(([id]) => id ?? '')

async function change(...requests: object[]): Promise<void> {
  await api.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })
}
async function sheetId(): Promise<number | null | undefined> {
  const { data } = await api.spreadsheets.get({ spreadsheetId })
  return data.sheets?.find((sheet) => sheet.properties?.title === 'Responses')?.properties?.sheetId
}
const rowsOf = async (startIndex: number, endIndex: number) => ({
  range: { sheetId: await sheetId(), dimension: 'ROWS', startIndex, endIndex },
})

test('rows stand below a header, in order of submission, as text that runs no formula', async () => {
  const formula = entry(2, { item1: '=1+1', phone: '+917004465984', cgpa: 8.04 })
  expect(await writer().write([entry(1), formula])).toEqual(
    new Map([
      ['id-1', 2],
      ['id-2', 3],
    ]),
  )
  expect(await rows()).toEqual([
    ['id', 'submitted at', 'item1', 'phone', 'cgpa'],
    ['id-1', entry(1).time, 'answer 1'],
    ['id-2', formula.time, '=1+1', '+917004465984', '8.04'],
  ])
})

test('a redelivery, a restart and a repeat within a batch change nothing', async () => {
  await writer().write(entries(0, 10))
  const before = await rows()
  expect(await writer().write(entries(0, 10))).toEqual(
    new Map(entries(0, 10).map(({ id }, n) => [id, n + 2])),
  )
  expect(await rows()).toEqual(before)
})

test('the grid grows with the rows', async () => {
  const one = writer()
  for (let n = 0; n < 2500; n += 500) await one.write(entries(n, n + 500))
  expect(await ids()).toEqual(entries(0, 2500).map(({ id }) => id))
})

test('a write that was applied without an answer is not repeated', async () => {
  const one = writer()
  await one.write(entries(0, 5))
  await emulator.inject({
    method: 'PUT',
    url: '/emulator/faults',
    payload: { rateAppliedButLost: 1 },
  })
  await expect(one.write(entries(5, 10))).rejects.toThrow()
  await emulator.inject({
    method: 'PUT',
    url: '/emulator/faults',
    payload: { rateAppliedButLost: 0 },
  })
  await one.write(entries(5, 12))
  expect(await ids()).toEqual(entries(0, 12).map(({ id }) => id))
})

test('rows deleted by hand: nothing is overwritten, and a redelivery finds its row where it went', async () => {
  const one = writer()
  await one.write(entries(0, 30))
  await change({ deleteDimension: await rowsOf(1, 11) })
  await one.write(entries(25, 40)).catch(() => one.write(entries(25, 40)))
  const standing = (await ids()).filter(Boolean)
  expect(standing.toSorted()).toEqual(
    entries(10, 40)
      .map(({ id }) => id)
      .toSorted(),
  )
})

test('rows inserted by hand: new rows come below the last used one', async () => {
  const one = writer()
  await one.write(entries(0, 10))
  await change({ insertDimension: await rowsOf(1, 6) })
  await one.write(entries(8, 20))
  const standing = (await ids()).filter(Boolean)
  expect(standing).toEqual(entries(0, 20).map(({ id }) => id))
})

test('what people write into rows that were cleared, or below all rows, is not overwritten', async () => {
  await writer().write(entries(0, 5))
  const update = (range: string, ...values: string[]) =>
    api.spreadsheets.values.update({
      spreadsheetId,
      range: `Responses!${range}`,
      valueInputOption: 'RAW',
      requestBody: { values: [values] },
    })
  await api.spreadsheets.values.clear({ spreadsheetId, range: 'Responses!3:4' })
  await update('C4', 'a note')
  await update('C7', 'a sum')
  await update('C8', 'and more')
  // A row that is lost goes where it was if nothing stands there; a fresh one below what stands.
  expect(await writer().write([entry(1), entry(2), entry(5)])).toEqual(
    new Map([
      ['id-1', 3],
      ['id-2', 9],
      ['id-5', 10],
    ]),
  )
  const texts = (await rows()).slice(1).map(([, , text]) => text)
  const lost = ['answer 1', 'a note']
  const below = ['a sum', 'and more', 'answer 2', 'answer 5']
  expect(texts).toEqual(['answer 0', ...lost, 'answer 3', 'answer 4', ...below])
})

test('lost rows that lie apart from each other are written to where they were', async () => {
  const one = writer()
  await one.write(entries(0, 900))
  const before = await rows()
  const lost = Array.from({ length: 450 }, (_, n) => n * 2)
  const ranges = lost.map((n) => `Responses!${n + 2}:${n + 2}`)
  await api.spreadsheets.values.batchClear({ spreadsheetId, requestBody: { ranges } })
  await one.write(lost.map((n) => entry(n)))
  expect(await rows()).toEqual(before)
})

test('boxes to tick in a column of people are no use of a row', async () => {
  await writer().write(entries(0, 2))
  await api.spreadsheets.values.update({
    spreadsheetId,
    range: 'Responses!D1',
    valueInputOption: 'RAW',
    requestBody: { values: [['done'], ...Array.from({ length: 99 }, () => [false])] },
  })
  expect(await writer().write([entry(2)])).toEqual(new Map([['id-2', 4]]))
})

test('columns follow the header where people moved it; a new field comes at the right', async () => {
  const one = writer()
  await one.write([entry(0, { a: 'a0', b: 'b0' })])
  await change({
    insertDimension: {
      range: { sheetId: await sheetId(), dimension: 'COLUMNS', startIndex: 0, endIndex: 1 },
    },
  })
  await one.write([entry(0, { a: 'a0', b: 'b0' }), entry(1, { a: 'a1', b: 'b1', c: 'c1' })])
  expect(await rows()).toEqual([
    ['', 'id', 'submitted at', 'a', 'b', 'c'],
    ['', 'id-0', entry(0).time, 'a0', 'b0'],
    ['', 'id-1', entry(1).time, 'a1', 'b1', 'c1'],
  ])
})

test('a tab of a person is taken over without touching what stands there', async () => {
  await change({ addSheet: { properties: { title: 'Responses' } } })
  const own = [
    ['name', 'note'],
    ['Ann', 'mine'],
    ['', 'also mine'],
  ]
  await api.spreadsheets.values.update({
    spreadsheetId,
    range: 'Responses!A1',
    valueInputOption: 'RAW',
    requestBody: { values: own },
  })
  await writer().write([entry(1, { name: 'Bob' })])
  expect(await rows()).toEqual([
    ['name', 'note', 'id', 'submitted at'],
    ['Ann', 'mine'],
    ['', 'also mine'],
    ['Bob', '', 'id-1', entry(1).time],
  ])
})

test('another ledger writes nothing and says so, until the tab is adopted', async () => {
  await writer().write(entries(0, 10))
  const other = new SqliteBuffer(join(folder, 'other.sqlite'))
  const second = writer(other)
  await expect(second.write(entries(5, 15))).rejects.toThrow(
    /Expected the tab demo\/Responses to carry the stamp/,
  )
  expect(await ids()).toHaveLength(10)
  const tab = new Tab(api, spreadsheetId, 'Responses')
  await tab.look(0, [])
  await tab.unstamp()
  await second.write(entries(5, 15))
  expect(await ids()).toEqual(entries(0, 15).map(({ id }) => id))
  await expect(writer().write(entries(20, 21))).rejects.toThrow(/adopt/)
  await other.close()
})

test('a new ledger takes over all tabs before it gives rows: what is repeated is found in each of them', async () => {
  await writer(buffer, 269).write(entries(0, 20))
  const tabs = (titles: string[]) => titles.map((title) => new Tab(api, spreadsheetId, title))
  const all = tabs(['Responses', 'Responses 2', 'Responses 3'])
  const other = new SqliteBuffer(join(folder, 'other.sqlite'))
  const second = writer(other, 269)
  await expect(second.write(entries(0, 25))).rejects.toThrow(/stamp/)
  for (const tab of all) {
    await tab.look(0, [])
    await tab.unstamp()
  }
  await second.write(entries(0, 25))
  const looks = await Promise.all(all.map((tab) => tab.look(0, [{ first: 2 }])))
  const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)
  expect(looks.map((look) => [...look!.ids.values()])).toEqual([
    names(0, 9),
    names(9, 18),
    names(18, 25),
  ])
  await other.close()
})

test('before a tab has too many cells, rows go on in the next one, and a repeat finds them in both', async () => {
  // 26 columns: rows 2 to 10 fit.
  const one = writer(buffer, 269)
  for (let n = 0; n < 20; n += 4) await one.write(entries(n, n + 4))
  await one.write(entries(0, 20))
  const { data } = await api.spreadsheets.values.batchGet({
    spreadsheetId,
    ranges: ['Responses', 'Responses 2', 'Responses 3'],
  })
  const standing = data.valueRanges?.map(({ values }) => values?.slice(1).map(([id]) => id))
  const names = (from: number, to: number) => entries(from, to).map(({ id }) => id)
  expect(standing).toEqual([names(0, 9), names(9, 18), names(18, 20)])
})
