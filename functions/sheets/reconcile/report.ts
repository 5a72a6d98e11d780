// The findings as lines: counts, and examples with rows and ids. Never an answer of a person.
import type { RowLocation } from '../row.ts'
import type { Finding, Findings } from './comparison.ts'

const maxExamples = 20

const kinds: [
  kind: keyof Findings & ('missing' | 'altered' | 'moved' | 'doubled' | 'foreign'),
  meaning: string,
][] = [
  ['missing', 'submitted, but in no row'],
  ['altered', 'a cell of ours has another value'],
  ['moved', 'in another row than it was written to'],
  ['doubled', 'in more than one row'],
  ['foreign', 'no submission that the log knows'],
]

export function toLines(findings: Findings): string[] {
  const { expected, rows, missing } = findings
  const unrecorded = missing.filter(({ recorded }) => !recorded).length
  return [
    `${expected} submissions, ${rows} rows`,
    ...kinds.flatMap(([kind, meaning]) => [
      `${kind.padEnd(8)} ${String(findings[kind].length).padStart(7)}  ${meaning}`,
      // Moved rows are harmless, and one deleted row moves all rows below it.
      ...(kind === 'moved' ? [] : toExamples(findings[kind])),
    ]),
    ...(unrecorded > 0
      ? [
          `${unrecorded} of the missing were never recorded: they may still wait, see the task's readiness`,
        ]
      : []),
  ]
}

export const needsRepair = ({ missing, doubled }: Findings): boolean =>
  missing.length + doubled.length > 0

function toExamples(found: Finding[]): string[] {
  const more = found.length - maxExamples
  return [
    ...found.slice(0, maxExamples).map((one) => `    ${toExample(one)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}

function toExample({ id, locations, altered, recorded }: Finding): string {
  const where = locations.map(toText).join(', ')
  const was = recorded && where !== toText(recorded) ? `was written to ${toText(recorded)}` : ''
  const columns = altered?.join(', ') ?? ''
  return [where, id, columns, was].filter(Boolean).join('  ')
}

const toText = ({ tab, row }: RowLocation): string => `${tab} row ${row}`
