// The row of one submission: its cells, and where it ends up.
import type { Cause } from '#kit/define-task.ts'

/** A date, or a date with a time of day, as Sheets stores it. */
export interface DateCell {
  /** Days since 1899-12-30. */
  serial: number
  format: 'DATE' | 'DATE_TIME'
}

export type Cell = string | number | boolean | DateCell | null

export const isDateCell = (cell: Cell): cell is DateCell =>
  typeof cell === 'object' && cell !== null

/** A row to be written: the answers of one submission. */
export interface Entry {
  /** Id of the submission. */
  id: string
  /** When the person submitted: ISO 8601 in UTC with milliseconds, so that text order is time order. */
  time: string
  /** The cell under `submitted at`; defaults to `time`. */
  timeCell?: Cell
  /** The tab that the form's file names. The row goes to this tab or to one that it rotated to. */
  tab: string
  /** Set by a repair: the row was recorded, but is missing from the sheet. */
  again?: true
  /** Cause of the `recorded` event. */
  cause: Cause
  /** Field name and cell. */
  values: [name: string, Cell][]
  /** Field name and header text, if headers are not the field names. */
  labels?: [name: string, label: string][]
}

/** Where a row was written. `tab` is a title, `row` counts from 1. */
export interface RowLocation {
  tab: string
  row: number
}

/** A column for one field of a form, or for the id or the time of the submission. */
export interface Column {
  name: string
  /** Text of its header. */
  label: string
}
