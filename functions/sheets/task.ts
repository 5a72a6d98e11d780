// Writes the answers of a submission as one row of a Google sheet, once, whatever is repeated.
import * as z from 'zod'
import { submissionRecorded, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import type { Field, Fields } from '#kit/forms/form-fields.ts'
import type { Entry } from './buffer/port.ts'
import { Config } from './config.ts'
import { ambiguousLabel } from './rows/ambiguous-label.ts'
import { type Answer, toCell, tooLarge } from './rows/cells.ts'
import type { Cell } from './rows/columns.ts'
import { type TimeOptions, toDayCell, toTimeCell } from './rows/date-cells.ts'
import { requireWritable } from './rows/row-limits.ts'
import { timezone } from './rows/time-zone.ts'
import { clash } from './tab-names.ts'

export default defineTask({
  name: 'sheets',
  on: submissionValidated,
  emits: [submissionRecorded],
  oneInstance: ({ REDIS_URL }) => !REDIS_URL,
  options: z.strictObject({
    /** The spreadsheet's id, as its address shows it. */
    spreadsheet: z.string().regex(/^[\w-]+$/, 'expected the id of a spreadsheet'),
    // Google takes 100 characters, and `Responses 99` must have room.
    tab: z
      .string()
      .trim()
      .min(1)
      .max(95)
      .regex(/^\P{Cc}*$/u, 'a title of one line')
      .default('Responses'),
    /** Of the column `submitted at`; without it: UTC, as the event has it. */
    timezone: timezone.optional(),
    /** `real`: answers to fields of type `date` and `submitted at` are dates for Sheets, not texts. */
    dates: z.enum(['text', 'real']).default('text'),
    /** What new columns are headed with: the names of their fields, or their labels. */
    headers: z.enum(['names', 'labels']).default('names'),
  }),
  checkForm: ({ headers }, fields) =>
    (headers === 'labels' ? ambiguousLabel(fields) : undefined) ?? tooLarge(fields),
  clash,
  config: Config,
  // Loaded here, not above: forms are checked by this task's options in processes that never write a sheet.
  connect: async (config, connected) => {
    const { openSheets } = await import('./open-sheets.ts')
    return openSheets(config, connected)
  },
  // What waits when the last instance has gone is written all the same.
  every: { schedule: '*/5 * * * *', handle: ({ clients }) => clients.flush() },
  /** Answers once the row is safe in the buffer; that it stands in the sheet is said when it does. */
  async handle({ cause, event, form, options, clients }) {
    const entry: Entry = {
      id: cause.subject,
      time: new Date(cause.time).toISOString(),
      ...((options.timezone || options.dates === 'real') && {
        timeCell: toTimeCell(cause.time, options),
      }),
      tab: options.tab,
      cause,
      // A repair: the row was recorded, but it stands no more.
      ...(event.again === 'true' && { again: true as const }),
      values: toValues(form.fields, event.data?.answers ?? {}, options),
      ...(options.headers === 'labels' && { labels: toLabels(form.fields) }),
    }
    requireWritable(entry)
    await clients.add(options.spreadsheet, entry)
    return []
  },
})

const toLabels = (fields: Fields): [string, string][] =>
  Object.entries(fields).map(([name, { label }]) => [name, label])

/** One cell for each field of the form, and for each answer to a field that the form has no more. */
function toValues(
  fields: Fields,
  answers: Record<string, Answer>,
  options: TimeOptions,
): [string, Cell][] {
  const names = new Set([...Object.keys(fields), ...Object.keys(answers)])
  return [...names].map((name) => [name, cellOf(answers[name], fields[name], options)])
}

function cellOf(
  answer: Answer | undefined,
  field: Field | undefined,
  { dates }: TimeOptions,
): Cell {
  if (dates === 'real' && field?.type === 'date' && typeof answer === 'string')
    return toDayCell(answer)
  return toCell(answer, field?.input.choices)
}
