// Starts an emulator for a test, with the real client of Google's API.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sheets, type sheets_v4 } from '@googleapis/sheets'
import { afterEach, expect } from '@jest/globals'
import { buildEmulator, type EmulatorOptions } from './app.ts'

export const spreadsheetId = 'student-data'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sheets-emulator-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'sheets.sqlite')
}

export async function startEmulator(options: Partial<EmulatorOptions> = {}) {
  const app = buildEmulator({ file: temporaryFile(), ...options })
  undo.push(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  // No retries: tests count the calls.
  const client = sheets({ version: 'v4', auth: 'a-key', rootUrl: `${url}/`, retry: false })
  const setFaults = (faults: object) =>
    app.inject({ method: 'PUT', url: '/emulator/faults', payload: faults })
  return { app, url, client, setFaults, ...callsOn(client) }
}

/** Frequent calls, on one spreadsheet. */
function callsOn({ spreadsheets }: sheets_v4.Sheets) {
  return {
    change: async (...requests: sheets_v4.Schema$Request[]) =>
      (await spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data,
    write: async (...data: sheets_v4.Schema$ValueRange[]) => {
      const requestBody = { valueInputOption: 'RAW', data }
      return (await spreadsheets.values.batchUpdate({ spreadsheetId, requestBody })).data
    },
    read: async (range: string, options: object = {}) =>
      (await spreadsheets.values.get({ spreadsheetId, range, ...options })).data.values,
  }
}

export const refused = (code: number, message: string | RegExp) => ({
  status: code,
  message: expect.stringMatching(message),
})
