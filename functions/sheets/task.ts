// Writes the answers of a submission as one row of a Google sheet. The row is written once, however often the event is delivered.
import * as z from 'zod'
import { submissionRecorded, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import type { Field, Fields } from '#kit/forms/field.ts'
import { Config } from './config.ts'
import type { Cell, Entry } from './row.ts'
import { findAmbiguousLabel } from './rows/ambiguous-label.ts'
import { type Answer, findTooLong, toCell } from './rows/cells.ts'
import { type TimeOptions, toDayCell, toTimeCell } from './rows/date-cells.ts'
import { requireWritable } from './rows/row-limits.ts'
import { timezone } from './rows/time-zone.ts'
import { findClash } from './target.ts'

export default defineTask({
  name: 'sheets',
  on: submissionValidated,
  emits: [submissionRecorded],
  oneInstance: ({ REDIS_URL }) => !REDIS_URL,
  options: z
    .strictObject({
      spreadsheet: z
        .string()
        .regex(/^[\w-]+$/, 'expected the id of a spreadsheet')
        .describe("The id in the spreadsheet's address"),
      // Google takes 100 characters; a rotated tab such as `Responses 99` needs some of them.
      tab: z
        .string()
        .trim()
        .min(1)
        .max(95)
        .regex(/^\P{Cc}*$/u, 'a title of one line')
        .default('Responses')
        .describe('Title of the tab'),
      timezone: timezone
        .optional()
        .describe(
          'Time zone of the column `submitted at`, such as Asia/Kolkata. Default: UTC, as in the event',
        ),
      dates: z
        .enum(['text', 'real'])
        .default('text')
        .describe(
          '`real`: `submitted at` and answers to fields of type `date` are dates in Sheets. `text`: they are texts',
        ),
      headers: z
        .enum(['names', 'labels'])
        .default('names')
        .describe('Headers of new columns: the names of the fields or their labels'),
    })
    .describe('Writes the answers as a row of a Google sheet'),
  checkForm: ({ headers }, fields) =>
    (headers === 'labels' ? findAmbiguousLabel(fields) : undefined) ?? findTooLong(fields),
  clash: findClash,
  config: Config,
  // Imported here because other processes load this file only to check forms, and need no client for Google.
  connect: async (config, connected) => {
    const { openSheets } = await import('./open-sheets.ts')
    return openSheets(config, connected)
  },
  // Starts an instance if rows still wait after the last one has stopped.
  every: { schedule: '*/5 * * * *', handle: ({ clients }) => clients.flush() },
  /** Returns once the row is stored in the buffer. The `recorded` event is published when the row is in the sheet. */
  async handle({ cause, event, form, options, clients }) {
    const entry: Entry = {
      id: cause.subject,
      time: new Date(cause.time).toISOString(),
      ...((options.timezone || options.dates === 'real') && {
        timeCell: toTimeCell(cause.time, options),
      }),
      tab: options.tab,
      cause,
      // A repair: the row was recorded, but is missing from the sheet.
      ...(event.again === 'true' && { again: true as const }),
      values: toValues(form.fields, event.data.answers, options),
      ...(options.headers === 'labels' && { labels: toLabels(form.fields) }),
    }
    requireWritable(entry)
    await clients.add(options.spreadsheet, entry)
    return []
  },
})

const toLabels = (fields: Fields): [string, string][] =>
  Object.entries(fields).map(([name, { label }]) => [name, label])

/** One cell for each field of the form, and for each answer to a field that the form no longer has. */
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
