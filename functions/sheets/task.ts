// Writes the answers of a submission as one row of a Google sheet, once, whatever is repeated.
import * as z from 'zod'
import { submissionRecorded, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { Rejected } from '#kit/errors.ts'
import { Config } from './config.ts'

export default defineTask({
  name: 'sheets',
  on: submissionValidated,
  emits: [submissionRecorded],
  oneInstance: ({ REDIS_URL }) => !REDIS_URL,
  options: z.strictObject({
    /** The spreadsheet's id, as its address shows it. */
    spreadsheet: z.string().regex(/^[\w-]+$/, 'expected the id of a spreadsheet'),
    tab: z.string().min(1).max(100).default('Responses'),
    /** What new columns are headed with: the names of their fields, or their labels. */
    headers: z.enum(['names', 'labels']).default('names'),
  }),
  config: Config,
  // Loaded here, not above: forms are checked by this task's options in processes that never write a sheet.
  connect: async (config, log, emit) => {
    const { openSheets } = await import('./sheets.ts')
    return openSheets(config, log, emit)
  },
  // What waits when the last instance has gone is written all the same.
  every: { schedule: '*/5 * * * *', handle: ({ clients }) => clients.flush() },
  /** Answers once the row is safe in the buffer; that it stands in the sheet is said when it does. */
  async handle({ cause, event, form, options, clients }) {
    await clients.add(options.spreadsheet, {
      id: cause.subject,
      time: new Date(cause.time).toISOString(),
      tab: options.tab,
      cause,
      // A repair: the row was recorded, but it stands no more.
      ...(event.again === 'true' && { again: true as const }),
      values: toValues(Object.keys(form.fields), event.data?.answers ?? {}),
      ...(options.headers === 'labels' && { labels: toLabels(form.fields) }),
    })
    return []
  },
})

const toLabels = (fields: Record<string, { label: string }>): [string, string][] =>
  Object.entries(fields).map(([name, { label }]) => [name, label])

type Answer = string | number | boolean | string[]

/** One cell for each field of the form, and for each answer to a field that the form has no more. */
function toValues(
  fields: string[],
  answers: Record<string, Answer>,
): [string, string | number | boolean][] {
  const names = new Set([...fields, ...Object.keys(answers)])
  return [...names].map((name) => [name, toCell(answers[name])])
}

/** Google's limit; a longer text would make it refuse the whole batch. */
const maxCell = 50_000

function toCell(answer: Answer | undefined): string | number | boolean {
  const cell = Array.isArray(answer) ? answer.join(', ') : (answer ?? '')
  if (typeof cell !== 'string' || cell.length <= maxCell) return cell
  throw new Rejected(`Expected a cell of at most ${maxCell} characters, found ${cell.length}`)
}
