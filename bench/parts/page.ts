// Writes the measurements of bench/results/ into docs/performance.md, and their charts beside it.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drawBars } from './bars.ts'
import { isResult, type Result } from './result.ts'
import { casesTable, goalsTable, memoryTable } from './table.ts'

const root = join(import.meta.dirname, '../..')
const results = join(root, 'bench/results')
const page = join(root, 'docs/performance.md')
const chartOf = (name: string): string => `images/bench-${name}.svg`

export interface Stored extends Result {
  date: string
  machine: {
    cpu: string
    cores: number
    node: string
    referenceMicroseconds?: { before: number; after: number }
  }
}

/** Results by name: `ingest`, `ingest--kafka`, … Benches with a shape of their own are not on the page. */
export async function readResults(): Promise<Record<string, Stored>> {
  const files = (await readdir(results)).filter((file) => file.endsWith('.json')).sort()
  const read = files.map(async (file) => {
    const result: object = JSON.parse(await readFile(join(results, file), 'utf8'))
    return [file.slice(0, -'.json'.length), result] as const
  })
  const all = await Promise.all(read)
  return Object.fromEntries(all.filter(([, result]) => isResult(result))) as Record<string, Stored>
}

/** Replaces what is between `<!-- measured: <name> -->` and `<!-- end -->`; `goals` are those of all results. */
export const fillPage = (text: string, stored: Record<string, Stored>): string =>
  text.replaceAll(
    /(<!-- measured: (\S+) -->\n).*?(<!-- end -->)/gs,
    (_, begin: string, name: string, end: string) => `${begin}\n${part(name, stored)}\n\n${end}`,
  )

function part(name: string, stored: Record<string, Stored>): string {
  if (name === 'goals') return goalsTable(Object.values(stored).flatMap(({ goals }) => goals))
  const result = stored[name]
  if (!result) return 'Not measured yet.'
  const title = drawn(name, result)?.title
  const chart = title && `![${title}](${chartOf(name)})`
  const parts = [casesTable(result), memoryTable(result), chart, provenance(result)]
  return parts.filter(Boolean).join('\n\n')
}

function provenance({ date, machine }: Stored): string {
  const { referenceMicroseconds: reference } = machine
  const speed = reference
    ? `; reference work ${reference.before} µs before and ${reference.after} µs after`
    : ''
  return `${date.slice(0, 10)}, ${machine.cores} cores of ${machine.cpu}, Node ${machine.node}${speed}`
}

interface Chart {
  title: string
  svg: string
}

/** CPU time by process, or memory. Undefined if neither was measured. */
function drawn(name: string, { unit, cases }: Result): Chart | undefined {
  const rowsOf = (of: 'cpu' | 'memory') =>
    Object.entries(cases).flatMap(([name, { [of]: values }]) => (values ? [{ name, values }] : []))
  const bench = name.replace('--', ' --')
  const [cpu, memory] = [rowsOf('cpu'), rowsOf('memory')]
  if (cpu.length > 0) {
    const title = `${bench}: CPU time per ${unit}, by process`
    return { title, svg: drawBars(title, 'µs', cpu) }
  }
  if (memory.length === 0) return undefined
  const title = `${bench}: memory, by process`
  return { title, svg: drawBars(title, 'MB', memory) }
}

export async function updatePage(): Promise<void> {
  const stored = await readResults()
  await writeFile(page, fillPage(await readFile(page, 'utf8'), stored))
  for (const [name, result] of Object.entries(stored)) {
    const chart = drawn(name, result)
    if (chart) await writeFile(join(root, 'docs', chartOf(name)), chart.svg)
  }
}
