// A kind of request within a `batchUpdate`: its schema and its effect.
import type * as z from 'zod'
import type { Spreadsheet } from '../../store/open-store.ts'
import { check } from '../google-error.ts'

/** Returns its entry of `replies`. */
export type Request = (spreadsheet: Spreadsheet, body: unknown) => object

export const request =
  <T extends z.ZodType>(
    schema: T,
    run: (spreadsheet: Spreadsheet, body: z.output<T>) => object,
  ): Request =>
  (spreadsheet, body) =>
    run(spreadsheet, check(schema, body))

export const randomId = () => Math.floor(Math.random() * 2 ** 31)
