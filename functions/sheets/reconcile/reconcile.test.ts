import { expect, test } from '@jest/globals'
import type { Message } from '#kafka/binary-mode.ts'
import { validated } from '#kafka/events.ts'
import type { Entry } from '../row.ts'
import { entries, spreadsheetId, startSheet } from '../sheets.fixture.ts'
import type { Instance } from './instance.ts'
import { reconcile } from './reconcile.ts'

/** An instance with one validated event for each entry; a delivery writes the row at once. */
function fakeInstance(all: Entry[], write: (entry: Entry) => Promise<unknown>): Instance {
  const toEvent = ({ id }: Entry): Message => ({ headers: { 'ce-form': 'demo' }, body: id })
  return {
    async *records(topic, begin) {
      const events = topic === validated.name ? all.map(toEvent) : []
      begin(events.length)
      yield* events
    },
    lag: async () => ({ sheets: 0 }),
    tick: async () => true,
    async deliver(_task, { headers, body }) {
      expect(headers['ce-again']).toBe('true')
      await write(all.find(({ id }) => id === String(body)) as Entry)
      return true
    },
  }
}

test('a missing row is reported, and a repair writes it', async () => {
  const sheet = await startSheet()
  const all = entries(0, 3)
  await sheet.writer().write(all.slice(0, 2))
  const lines: string[] = []
  const options = {
    api: sheet.api,
    target: { spreadsheet: spreadsheetId, tab: 'Responses', dates: 'text' as const },
    forms: new Set(['demo']),
    dryRun: async ({ body }: Message) => {
      const entry = all.find(({ id }) => id === String(body))
      return entry && { spreadsheet: spreadsheetId, entry }
    },
    instance: fakeInstance(all, (entry) => sheet.writer().write([entry])),
    watermark: 0,
    showProgress: () => ({ begin: () => {}, add: () => {}, end: () => {} }),
    print: (line: string) => void lines.push(line),
  }
  expect(await reconcile({ ...options, repair: false })).toBe(false)
  expect(lines[0]).toBe('3 submissions, 2 rows')
  expect(await reconcile({ ...options, repair: true })).toBe(true)
  expect(lines).toContain('\nAfter the repair: 1 were missing, 0 are')
  expect((await sheet.rows()).map(([id]) => id)).toEqual(['id', 'id-0', 'id-1', 'id-2'])
})
