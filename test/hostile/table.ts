// Prints the outcomes of the hostile inputs as a table.

import type { Result } from './run-corpus.ts'
import type { Counts } from './send-inputs.ts'

const classes = ['2xx', '3xx', '4xx', '5xx']

const cells = ({ sent, statuses, silent, hangs, slowest }: Counts): string =>
  [
    sent,
    ...classes.map((name) =>
      Object.entries(statuses)
        .filter(([status]) => status[0] === name[0])
        .reduce((sum, [, count]) => sum + count, 0),
    ),
    silent,
    hangs,
    Math.round(slowest),
  ]
    .map((count) => String(count).padStart(7))
    .join('')

const head = ['sent', ...classes, 'silent', 'hangs', 'ms'].map((name) => name.padStart(7)).join('')

export function tableOf({ byKind, total, crash, accepted, stored, memory }: Result): string {
  const rows = [...byKind].map(([{ name }, counts]) => `${name.padEnd(52)}${cells(counts)}`)
  const statuses = Object.entries(total.statuses).map(([status, count]) => `${status}: ${count}`)
  return [
    ' '.repeat(52) + head,
    ...rows,
    `${`all of ${byKind.size} kinds`.padEnd(52)}${cells(total)}`,
    `answers  ${statuses.join(', ')}`,
    `stored   submissions ${stored.submitted} for ${accepted.submitted} answers of 202, dead letters ${stored.deadLetters} for ${accepted.deadLetters}`,
    `memory   resident ${megabytes(memory.map(({ resident }) => resident))}, used ${megabytes(memory.map(({ used }) => used))} MB after each round`,
    `crashes  ${crash ?? 'none'}`,
    ...total.faults.slice(0, 20).map((fault) => `wrong answer  ${JSON.stringify(fault)}`),
  ].join('\n')
}

const megabytes = (bytes: number[]): string =>
  bytes.map((count) => Math.round(count / 2 ** 20)).join(' ')
