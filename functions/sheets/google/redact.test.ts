// Messages of Google appear in logs and notes, but without the cell values that they quote.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { buildEmulator } from '../../../local/sheets/app.ts'
import { Config } from '../config.ts'
import { openSheets } from '../open-sheets.ts'
import { entry } from '../sheets.fixture.ts'
import { BadCredentials, toSheetsError } from './errors.ts'
import { redactMessage } from './redact.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** The emulator, except that calls that insert rows get this error. */
async function refusingRows(status: number, message: string) {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-message-'))
  const emulator = buildEmulator({ file: join(folder, 'emulator.sqlite') })
  const refusal = {
    statusCode: status,
    payload: JSON.stringify({ error: { code: status, message } }),
  }
  async function answer({ method, url = '' }: IncomingMessage, payload: string) {
    if (payload.includes('"ROWS"') && payload.includes('insertDimension')) return refusal
    const headers = payload ? { 'content-type': 'application/json' } : {}
    return emulator.inject({ method: method as 'GET', url, headers, ...(payload && { payload }) })
  }
  const server = createServer(async (request, response) => {
    const { statusCode, payload } = await answer(request, await text(request))
    response.writeHead(statusCode, { 'content-type': 'application/json' }).end(payload)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  undo.push(
    () => rm(folder, { recursive: true }),
    () => emulator.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { folder, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

const fieldError =
  "Invalid value at 'requests[2].update_cells.rows[0].values[1].user_entered_value.string_value'"

test.each([
  [400, `${fieldError} (TYPE_STRING), "Ann"`, fieldError],
  [400, 'Invalid JSON payload received. Unexpected token.\nrows: Ann', 'Unexpected token.'],
  [409, `The cell "Ann" is held`, 'The cell'],
  [503, `Try again: "Ann"`, 'Try again'],
])(
  'logs and notes have the error (%d) without the cell value that it quotes: %s',
  async (status, message, logged) => {
    const { folder, url } = await refusingRows(status, message)
    const lines: string[] = []
    const config = Config.parse({
      DATA_DIR: folder,
      SHEETS_ROOT_URL: url,
      SHEETS_BATCH_MS: 10,
      SHEETS_WATERMARK_MS: 50,
      SHEETS_CALLS_PER_MINUTE: 1000,
    })
    const sheets = await openSheets(config, {
      log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
      emit: async () => {},
      optionsOf: () => undefined,
      formOf: () => undefined,
    })
    undo.push(() => sheets.close?.())
    await sheets.add('demo', entry(1, { name: 'Ann' }))
    while (!lines.some((line) => line.includes('rows wait'))) await delay(20)
    const notes = JSON.stringify(sheets.notes?.())
    for (const seen of [lines.join(''), notes]) {
      expect(seen).toContain(logged)
      expect(seen).not.toContain('Ann')
    }
  },
)

test.each([
  'The caller does not have permission',
  'Requested entity was not found.',
  "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com'.",
  'Invalid requests[0].addSheet: A sheet with the name "Responses 2" already exists. Please enter another name.',
  "Unable to parse range: 'Ann''s \"own\" tab'!1:1",
  "Range ('My tab'!A9:C9) exceeds grid limits. Max rows: 8, max columns: 26",
  "Invalid requests[1].updateCells: You can't sort a range with vertical merges.",
  'Invalid requests[2].updateCells: Your input contains more than the maximum of 50000 characters in a single cell.',
])('kept unchanged: %s', (message) => {
  expect(redactMessage(message)).toBe(message)
})

test.each([
  [`${fieldError} (TYPE_STRING), "Ann"`, `${fieldError} (TYPE_STRING)…`],
  [`${fieldError} (TYPE_STRING), 1234`, `${fieldError} (TYPE_STRING)…`],
  ["Invalid value: 'Ann' is no number", 'Invalid value:…'],
  ["A number is due at 'Ann'", 'A number is due at…'],
  ['Invalid value: “Ann”', 'Invalid value:…'],
  ['Invalid value: `Ann`', 'Invalid value:…'],
  ['Unknown name "Ann": a sheet with the name "Ann"', 'Unknown name…'],
  ['"Ann"', '…'],
])('truncated: %s', (message, expected) => {
  expect(redactMessage(message)).toBe(expected)
})

test('a quoted cell value does not affect which class of error it is', () => {
  const error = Object.assign(new Error(`${fieldError} (TYPE_STRING), "PEM exceeds grid limits"`), {
    status: 400,
  })
  expect(toSheetsError(error)).toMatchObject({
    name: 'Blocked',
    message: `Google Sheets refused: 400 ${fieldError} (TYPE_STRING)…`,
  })
})

test('the error names a credentials file that cannot be read', () => {
  const message = "ENOENT: no such file or directory, open '/secrets/account.json'"
  const error = toSheetsError(new Error(message))
  expect(error).toBeInstanceOf(BadCredentials)
  expect(error.message).toContain('/secrets/account.json')
})
