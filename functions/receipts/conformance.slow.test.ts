import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { submissionValidated } from '#kafka/events.ts'
import { conforms } from '#kit/conformance/conforms.ts'
import type { World } from '#kit/conformance/given.ts'
import { SqliteStatusReader } from '#kit/status/sqlite/read-status.ts'
import { statusFile } from '#kit/status/sqlite/rows.ts'
import task from './task.ts'

/** The file of the status view. Putting the same fact twice changes nothing, so its effect is there or not. */
function statusWorld(): World {
  let folder: string
  let status: SqliteStatusReader
  return {
    async start() {
      folder = await mkdtemp(join(tmpdir(), 'formstream-receipts-'))
      status = new SqliteStatusReader(join(folder, statusFile))
      return { DATA_DIR: folder }
    },
    count: async (submission) => ((await status.get(submission)) ? 1 : 0),
    async stop() {
      status.close()
      await rm(folder, { recursive: true })
    },
  }
}

conforms(task, {
  form: `
title: Demo
fields: { name: { type: text } }
`,
  event: submissionValidated({ version: 'v', answers: { name: 'Ann' } }),
  world: statusWorld(),
})
