import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import type { World } from '#kit/conformance/given.ts'
import { buildEmulator } from '../../local/sheets/app.ts'
import task from './task.ts'

/** A Sheets emulator that counts the rows of a submission. */
function sheetWorld(): World {
  let folder: string
  let emulator: ReturnType<typeof buildEmulator>
  let held: { submission: string; happened: () => void } | undefined
  const setFaults = async (payload: object) => {
    await emulator.inject({ method: 'PUT', url: '/emulator/faults', payload })
  }
  async function count(submission: string): Promise<number> {
    const answer = await emulator.inject('/v4/spreadsheets/demo/values/Responses')
    const rows: string[][] = answer.json().values ?? []
    return rows.filter((row) => row.includes(submission)).length
  }
  return {
    async start() {
      folder = await mkdtemp(join(tmpdir(), 'formstream-sheets-'))
      emulator = buildEmulator({ file: join(folder, 'emulator.sqlite') })
      // Called after a request was applied.
      emulator.addHook('onSend', async ({ method }) => {
        if (method !== 'POST' || !held || (await count(held.submission)) === 0) return
        held.happened()
        await new Promise(() => {})
      })
      return { SHEETS_ROOT_URL: `${await emulator.listen({ host: '127.0.0.1', port: 0 })}/` }
    },
    count,
    fail: () => setFaults({ rate503: 1 }),
    failures: async () => (await emulator.inject('/emulator/stats')).json().byStatus['503'] ?? 0,
    hold: (submission) =>
      new Promise((happened) => {
        held = { submission, happened }
      }),
    async recover() {
      held = undefined
      await setFaults({})
    },
    async stop() {
      emulator.server.closeAllConnections()
      await emulator.close()
      await rm(folder, { recursive: true })
    },
  }
}

conforms(task, {
  form: `
title: Demo
fields: { name: { type: text } }
tasks: { sheets: { spreadsheet: demo, tab: Responses } }
`,
  event: submissionValidated({ version: 'v', answers: { name: 'Ann' } }),
  world: sheetWorld(),
  defers: true,
  environment: {
    SHEETS_BATCH_MS: '20',
    SHEETS_WATERMARK_MS: '20',
    SHEETS_CALLS_PER_MINUTE: '60000',
  },
})
