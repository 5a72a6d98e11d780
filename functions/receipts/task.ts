// Keeps what became of each submission, for its receipt: follows the results of the other tasks, and their failures.
import { join } from 'node:path'
import * as z from 'zod'
import { defineTask } from '#kit/define-task.ts'
import { DATA_DIR } from '#kit/settings.ts'
import { statusFile } from '#kit/status/sqlite/rows.ts'
import { SqliteStatusStore } from '#kit/status/sqlite/store.ts'
import { followed, toFact } from './fact.ts'

const day = 86_400_000

const RECEIPT_DAYS = z.coerce
  .number('expected days')
  .positive('expected days')
  .default(30)
  .describe('Days for which a receipt says what became of a submission')

export default defineTask({
  name: 'receipts',
  on: followed,
  emits: [],
  anyForm: true,
  localOnly:
    'it keeps the status of submissions in a file, which the pods of a cluster cannot share',
  config: z.object({ DATA_DIR, RECEIPT_DAYS }),
  connect: async (config, { formOf }) => {
    const file = join(config.DATA_DIR, statusFile)
    const keep = config.RECEIPT_DAYS * day
    const store = new SqliteStatusStore(file, { keep })
    return { store, keep, formOf, close: () => store.close() }
  },
  async handle({ event, clients: { store, keep, formOf } }) {
    const fact = toFact(event)
    // At its first start the task gets all events that the log still has.
    if (!fact || Date.now() - Date.parse(fact.time) > keep) return []
    const shown =
      event.type === 'formstream.submission.validated' && formOf(event.form)?.receipt.answers
    await store.put({ ...fact, ...(shown && { answers: event.data.answers }) })
    return []
  },
})
