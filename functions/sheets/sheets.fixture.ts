// A running Sheets emulator, a buffer in a file, and a writer that uses both as the flusher does.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { sheets_v4 } from '@googleapis/sheets'
import { afterEach } from '@jest/globals'
import { buildEmulator } from '../../local/sheets/app.ts'
import type { Ledger } from './buffer/port.ts'
import { SqliteBuffer } from './buffer/sqlite/buffer.ts'
import { connectSheets } from './google/client.ts'
import { Tab, titlesOf } from './google/tab.ts'
import type { Cell, Entry } from './row.ts'
import { RotatingTab } from './rows/rotation.ts'

export const spreadsheetId = 'demo'
type Api = ReturnType<typeof connectSheets>

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

export interface WriterOptions {
  buffer?: SqliteBuffer
  maxCells?: number
  title?: string
  api?: Api
  ledger?: (ledger: Ledger) => Ledger
}

export async function startSheet() {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-sheets-'))
  undo.push(() => rm(folder, { recursive: true }))
  const emulator = buildEmulator({ file: join(folder, 'emulator.sqlite') })
  undo.push(() => emulator.close())
  const url = await emulator.listen({ host: '127.0.0.1', port: 0 })
  const api = connectSheets({ rootUrl: `${url}/` })
  const open = (name: string) => {
    const opened = new SqliteBuffer(join(folder, name))
    undo.push(() => opened.close())
    return opened
  }
  const buffer = open('buffer.sqlite')
  const setFaults = (payload: object) =>
    emulator.inject({ method: 'PUT', url: '/emulator/faults', payload })
  const stats = async () => (await emulator.inject('/emulator/stats')).json()
  const writer = (options: WriterOptions = {}) => writerOn({ buffer, api, ...options })
  return { api, buffer, open, setFaults, stats, writer, tab: tabOn(api), ...editsOn(api) }
}

/** Writes entries as the flusher does, and returns the row of each id. */
function writerOn({
  buffer,
  api,
  maxCells = 5_000_000,
  title = 'Responses',
  ledger: wrapLedger,
}: WriterOptions & { buffer: SqliteBuffer; api: Api }) {
  const opened = buffer.ledger(spreadsheetId, title).then(
    (ledger) =>
      new RotatingTab({
        tab: (partTitle) => new Tab(api, spreadsheetId, partTitle),
        titles: () => titlesOf(api, spreadsheetId),
        ledger: wrapLedger?.(ledger) ?? ledger,
        title,
        maxCells,
        timeout: 100,
      }),
  )
  return {
    async write(entries: Entry[]): Promise<Map<string, number>> {
      await buffer.add(spreadsheetId, entries)
      const recorded = await (await opened).write(entries)
      const ids = entries.map(({ id }) => id)
      await buffer.remove(spreadsheetId, ids)
      return new Map([...recorded].map(([id, { row }]) => [id, row]))
    },
  }
}

const tabOn = (api: Api) => (title: string) => new Tab(api, spreadsheetId, title)

/** Edits as people make them, sent with Google's client. */
function editsOn(api: Api) {
  const { spreadsheets } = api
  const change = async (...requests: sheets_v4.Schema$Request[]): Promise<void> => {
    await spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })
  }
  const rows = async (title = 'Responses'): Promise<string[][]> =>
    (await spreadsheets.values.get({ spreadsheetId, range: title })).data.values ?? []
  const put = (cell: string, ...values: (string | number | boolean)[][]) =>
    spreadsheets.values.update({
      spreadsheetId,
      range: `Responses!${cell}`,
      valueInputOption: 'RAW',
      requestBody: { values },
    })
  const clear = (range: string) =>
    spreadsheets.values.clear({ spreadsheetId, range: `Responses!${range}` })
  const sheetId = async (): Promise<number> => {
    const { data } = await spreadsheets.get({ spreadsheetId })
    const found = data.sheets?.find(({ properties }) => properties?.title === 'Responses')
    return found?.properties?.sheetId ?? 0
  }
  const span = async (dimension: 'ROWS' | 'COLUMNS', startIndex: number, endIndex: number) => ({
    sheetId: await sheetId(),
    dimension,
    startIndex,
    endIndex,
  })
  return { change, rows, put, clear, sheetId, span }
}

/** Runs an edit between the read of the tab and the call that inserts rows, for the first `times` calls. */
export function editedMeanwhile(api: Api, edit: () => Promise<unknown>, times = 1): Api {
  let left = times
  return withBatchUpdate(api, async (requests, send) => {
    if (left > 0 && requests.some(insertsRows)) {
      left -= 1
      await edit()
    }
    return send()
  })
}

export const insertsRows = ({ insertDimension }: sheets_v4.Schema$Request): boolean =>
  insertDimension?.range?.dimension === 'ROWS'

type Send = () => Promise<unknown>

/** Wraps each batchUpdate call of the client. */
export function withBatchUpdate(
  api: Api,
  around: (requests: sheets_v4.Schema$Request[], send: Send) => Promise<unknown>,
): Api {
  const { spreadsheets } = api
  const batchUpdate = (params: { requestBody: string }, options: object) => {
    const { requests } = JSON.parse(params.requestBody)
    return around(requests, () => spreadsheets.batchUpdate(params as object, options))
  }
  const wrapped = Object.create(spreadsheets, { batchUpdate: { value: batchUpdate } })
  return Object.create(api, { spreadsheets: { value: wrapped } })
}

export function entry(n: number, values: Record<string, Cell> = { item1: `answer ${n}` }): Entry {
  const id = `id-${n}`
  const time = new Date(1_000_000 + n).toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'demo' }
  return { id, time, tab: 'Responses', cause, values: Object.entries(values) }
}

export const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from }, (_, index) => entry(from + index))
