// Results as Markdown tables, for the terminal and for docs/performance.md.
import { type Goal, type Result, verdict } from './result.ts'
import type { Spread } from './spread.ts'

const headings: Record<string, string> = {
  perSecond: 'per second',
  p50: 'p50, ms',
  p99: 'p99, ms',
  failed: 'errors',
  peakMemory: 'peak memory, MB',
  cpu: 'all, µs CPU',
  mean: 'mean, ms',
  p50Busy: 'p50 under a backlog, ms',
  p99Busy: 'p99 under a backlog, ms',
  lag: 'events left at the end',
  missing: 'without a row',
  duplicate: 'doubled rows',
  ms: 'ms',
  startMs: 'start, ms',
  slowClients: 'slow clients at the end',
}

const number = (value: number): string =>
  value < 10
    ? String(Math.round(value * 100) / 100)
    : Math.round(value).toLocaleString('en', { useGrouping: value >= 10_000 })

/** Median (least–most). '' for what was not measured. */
function cell(spread: Spread | undefined): string {
  if (!spread) return ''
  const { min, median, max } = spread
  return min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A row for each case: its figures, then the CPU time of each process. '' if the bench measures only memory. */
export function casesTable({ cases }: Pick<Result, 'cases'>): string {
  const all = Object.entries(cases)
  const namesOf = (of: 'figures' | 'cpu') => [
    ...new Set(all.flatMap(([, one]) => Object.keys(one[of] ?? {}))),
  ]
  const [figures, processes] = [namesOf('figures'), namesOf('cpu')]
  if (figures.length + processes.length === 0) return ''
  const head = [
    '',
    ...figures.map((name) => headings[name] ?? name),
    ...processes.map((name) => `${name}, µs CPU`),
  ]
  const rows = all.map(([name, one]) => [
    name,
    ...figures.map((figure) => cell(one.figures[figure])),
    ...processes.map((process) => cell(one.cpu?.[process])),
  ])
  return table(head, rows)
}

/** A row for each process, for benches that measure memory by process; otherwise ''. */
export function memoryTable({ cases }: Pick<Result, 'cases'>): string {
  const all = Object.entries(cases)
  const processes = [...new Set(all.flatMap(([, { memory = {} }]) => Object.keys(memory)))]
  if (processes.length === 0) return ''
  const rows = processes.map((name) => [name, ...all.map(([, one]) => cell(one.memory?.[name]))])
  return table(['peak memory, MB', ...all.map(([name]) => name)], rows)
}

/** With a column for the other checkout of `--against` if one was measured. */
export function goalsTable(goals: Goal[]): string {
  const compared = goals.some(({ other }) => other)
  const rows = goals.map((goal) => [
    goal.what,
    goal.atMost === undefined ? `≥ ${number(goal.atLeast ?? 0)}` : `≤ ${number(goal.atMost)}`,
    cell(goal.measured),
    verdict(goal),
    goal.before,
    ...(compared ? [cell(goal.other)] : []),
  ])
  const head = ['', 'goal', 'measured', '', 'before']
  return table([...head, ...(compared ? ['before, in the same run'] : [])], rows)
}
