// Runs one benchmark, bench/<name>.ts, and writes its measurements to bench/results/.
//
//   npm run bench -- <name> [--kafka]   without a name, lists the names
//
//   --kafka   ingest: measure with three Kafka brokers in place of the embedded log
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCommand, UsageError } from '../scripts/parse-command.ts'
import { describeMachine, referenceWork } from './parts/machine.ts'
import { isResult } from './parts/result.ts'
import { casesTable, goalsTable, memoryTable } from './parts/table.ts'

const { values, positionals } = parseCommand({ kafka: { type: 'boolean', default: false } }, 1)
const folder = import.meta.dirname
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
const [name = ''] = positionals
if (!names.includes(name))
  throw new UsageError(`Expected one of ${names.join(', ')}, found "${name}"`)

const { default: bench } = (await import(join(folder, `${name}.ts`))) as {
  default: (options: { kafka: boolean }) => Promise<object>
}
const before = referenceWork()
const measured = await bench(values)
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
