// Writes the answers of a submission as one row of a Google sheet, once, whatever is repeated.
import { join } from 'node:path'
import * as z from 'zod'
import { submissionRecorded, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { Rejected } from '#kit/errors.ts'

export default defineTask({
  name: 'sheets',
  on: submissionValidated,
  emits: [submissionRecorded],
  oneInstance: true,
  options: z.strictObject({
    /** The spreadsheet's id, as its address shows it. */
    spreadsheet: z.string().regex(/^[\w-]+$/, 'expected the id of a spreadsheet'),
    tab: z.string().min(1).max(100).default('Responses'),
  }),
  config: z.object({
    DATA_DIR: z.string().default('./data'),
    SHEETS_ROOT_URL: z.url('expected a URL').optional(),
    /** Milliseconds in which rows are collected for one write. Google's quota is 60 writes a minute for a user. */
    SHEETS_BATCH_MS: z.coerce.number('expected milliseconds').nonnegative().default(1000),
    /** Milliseconds until a call counts as failed and is tried again. */
    SHEETS_TIMEOUT_MS: z.coerce.number('expected milliseconds').positive().default(20_000),
  }),
  // Loaded here, not above: forms are checked by this task's options in processes that never write a sheet.
  connect: async ({ DATA_DIR, SHEETS_ROOT_URL, SHEETS_BATCH_MS, SHEETS_TIMEOUT_MS }) => {
    const { openSheets } = await import('./sheets.ts')
    return openSheets({
      ledgerFile: join(DATA_DIR, 'sheets-ledger.sqlite'),
      rootUrl: SHEETS_ROOT_URL,
      wait: SHEETS_BATCH_MS,
      timeout: SHEETS_TIMEOUT_MS,
    })
  },
  async handle({ event, form, options, clients }) {
    const { spreadsheet, tab } = options
    const row = await clients.record(options, {
      id: event.subject ?? event.id,
      time: event.time ?? '',
      values: toValues(Object.keys(form.fields), event.data?.answers ?? {}),
    })
    return [submissionRecorded({ spreadsheet, tab, row })]
  },
})

type Answer = string | number | boolean | string[]

/** One cell for each field of the form, and for each answer to a field that the form has no more. */
function toValues(
  fields: string[],
  answers: Record<string, Answer>,
): Map<string, string | number | boolean> {
  const names = new Set([...fields, ...Object.keys(answers)])
  return new Map([...names].map((name) => [name, toCell(answers[name])]))
}

/** Google's limit; a longer text would make it refuse the whole batch. */
const maxCell = 50_000

function toCell(answer: Answer | undefined): string | number | boolean {
  const cell = Array.isArray(answer) ? answer.join(', ') : (answer ?? '')
  if (typeof cell !== 'string' || cell.length <= maxCell) return cell
  throw new Rejected(`Expected a cell of at most ${maxCell} characters, found ${cell.length}`)
}
