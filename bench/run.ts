// Runs one benchmark, bench/<name>.ts, and writes its measurements to bench/results/.
//
//   npm run bench -- <name> [options]   without a name, lists the names
//   npm run bench -- page               only writes the stored measurements into docs/performance.md, as every run does
//
//   --kafka             ingest, flow: measure with three Kafka brokers in place of the embedded log
//   --against <folder>  ingest, flow, door: measure another checkout in turn with this one, for example that of an older version
//   --count <n>         memory: so many submissions in place of 1,000,000; growth: at most so many records in the log
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCommand, UsageError } from '../scripts/parse-command.ts'
import { describeMachine, referenceWork } from './parts/machine.ts'
import type { BenchOptions } from './parts/options.ts'
import { updatePage } from './parts/page.ts'
import { isResult } from './parts/result.ts'
import { casesTable, goalsTable, memoryTable } from './parts/table.ts'

const { values, positionals } = parseCommand(
  {
    kafka: { type: 'boolean', default: false },
    against: { type: 'string' },
    count: { type: 'string' },
  },
  1,
)
const folder = import.meta.dirname
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
const [name = ''] = positionals
if (name === 'page') {
  await updatePage()
  process.exit()
}
if (!names.includes(name)) {
  throw new UsageError(`Expected one of ${names.join(', ')} or page, found "${name}"`)
}

const count = values.count === undefined ? undefined : Number(values.count)
if (count !== undefined && !(count > 0)) {
  throw new UsageError(`Expected --count to be a number above 0, found "${values.count}"`)
}

const { default: bench } = (await import(join(folder, `${name}.ts`))) as {
  default: (options: BenchOptions) => Promise<object>
}
const before = referenceWork()
const measured = await bench({ ...values, count })
const referenceMicroseconds = { before, after: referenceWork() }
if (isResult(measured)) {
  const { goals } = measured
  const tables = [casesTable(measured), memoryTable(measured), goals.length && goalsTable(goals)]
  console.log(`\n${tables.filter(Boolean).join('\n\n')}\n`)
}
console.log(`reference work, µs: ${before} before, ${referenceMicroseconds.after} after`)
const result = {
  bench: name,
  date: new Date().toISOString(),
  machine: { ...describeMachine(), referenceMicroseconds },
  ...measured,
}
const file = `${name}${values.kafka ? '--kafka' : ''}.json`
await writeFile(join(folder, 'results', file), `${JSON.stringify(result, null, 2)}\n`)
await updatePage()
