// Where the rows of a form go, and the client for it.
import * as z from 'zod'
import type { Form } from '#kit/forms/form.ts'
import { connectSheets, type SheetsApi } from '../../functions/sheets/google/client.ts'
import type { TimeOptions } from '../../functions/sheets/rows/date-cells.ts'
import type { Target } from '../../functions/sheets/target.ts'

const Options = z.object({
  spreadsheet: z.string(),
  tab: z.string(),
  dates: z.enum(['text', 'real']),
  timezone: z.string().optional(),
})

/** The options under `tasks.sheets` in the form's file. */
export const sheetOf = ({ id, tasks }: Form): Target & TimeOptions =>
  Options.parse(tasks.sheets, {
    error: () => `Expected the form ${id} to list the task sheets`,
  })

/** `emulator`: its address. Without it: Google's own Sheets. */
export const connect = (emulator: string | undefined): SheetsApi =>
  connectSheets({ rootUrl: emulator && `${emulator}/` })
