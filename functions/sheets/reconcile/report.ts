// What reconcile found, as lines: counts and examples with rows and ids. Never an answer of a person.
import type { Finding, Findings, Spot } from './comparison.ts'

const examples = 20

const kinds: [
  kind: keyof Findings & ('missing' | 'altered' | 'moved' | 'doubled' | 'foreign'),
  means: string,
][] = [
  ['missing', 'submitted, but stands nowhere'],
  ['altered', 'a cell of ours has another value'],
  ['moved', 'stands elsewhere than it was written'],
  ['doubled', 'stands more than once'],
  ['foreign', 'no submission that the log knows'],
]

export function toLines(findings: Findings): string[] {
  const { expected, rows, missing } = findings
  const unrecorded = missing.filter(({ recorded }) => !recorded).length
  return [
    `${expected} submissions, ${rows} rows`,
    ...kinds.flatMap(([kind, means]) => [
      `${kind.padEnd(8)} ${String(findings[kind].length).padStart(7)}  ${means}`,
      // What has moved is harmless, and after one deleted row it is all that stands below.
      ...(kind === 'moved' ? [] : toExamples(findings[kind])),
    ]),
    ...(unrecorded > 0
      ? [
          `${unrecorded} of the missing were never recorded: they may still wait, see the task's readiness`,
        ]
      : []),
  ]
}

export const isWrong = ({ missing, doubled }: Findings): boolean =>
  missing.length + doubled.length > 0

function toExamples(found: Finding[]): string[] {
  const more = found.length - examples
  return [
    ...found.slice(0, examples).map((one) => `    ${toExample(one)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}

function toExample({ id, spots, altered, recorded }: Finding): string {
  const places = spots.map(toText).join(', ')
  const was = recorded && places !== toText(recorded) ? `was written to ${toText(recorded)}` : ''
  const columns = altered?.join(', ') ?? ''
  return [places, id, columns, was].filter(Boolean).join('  ')
}

const toText = ({ tab, row }: Spot): string => `${tab} row ${row}`
