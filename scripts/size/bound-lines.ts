// The lines of what bounds a task by what it does: Google's quota and cells, the computing of slang.
import { cited, type Measured } from './measured.ts'
import type { Plan } from './plan.ts'
import { duration, type Line, number } from './print.ts'

export function boundLines({ tasks, input }: Plan, measured: Measured): Line[] {
  const rate = (name: string) => tasks.find((task) => task.name === name)?.perSecond
  const [slang, sheets] = [rate('slang'), rate('sheets')]
  return [
    ...(slang === undefined ? [] : [computing(slang, measured)]),
    ...(sheets === undefined
      ? []
      : [quota(sheets, measured), cells(sheets * 3600 * input.peakHours)]),
  ]
}

const computing = (perSecond: number, { slangMicroseconds }: Measured): Line => ({
  what: 'CPU of slang',
  amount: `${number(perSecond * slangMicroseconds.value * 1e-4)}%`,
  how: `of a core for each text of a form: ${number(perSecond)}/s × ${number(slangMicroseconds.value)} µs`,
  from: [slangMicroseconds.from],
})

function quota(perSecond: number, { rowsPerCall }: Measured): Line {
  const calls = cited.userCallsPerMinute
  const rows = (calls.value / 60) * rowsPerCall.value
  return {
    what: 'rows that Google takes',
    amount: `${number(rows)}/s`,
    how:
      `${calls.value} calls a minute of one user × ${number(rowsPerCall.value)} rows` +
      (perSecond > rows ? `, LESS THAN ${number(perSecond)}/s: rows wait` : ''),
    from: [calls.from, rowsPerCall.from],
  }
}

/** Of the example form: eight fields, id and time. */
const columns = 10

const cells = (daily: number): Line => ({
  what: 'one spreadsheet is full',
  amount: `in ${duration(cited.spreadsheetCells.value / columns / (daily / 24))}`,
  how: `${number(cited.spreadsheetCells.value)} cells ÷ ${columns} columns, if every row goes to it`,
  from: [cited.spreadsheetCells.from, 'forms/student-data.yaml'],
})
