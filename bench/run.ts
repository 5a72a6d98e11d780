// Runs one benchmark, bench/<name>.ts, and writes its measurements to bench/results/.
//
//   npm run bench -- <name> [--kafka]   without a name, lists the names
//
//   --kafka   ingest: measure with three Kafka brokers in place of the embedded log
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseCommand, UsageError } from '../scripts/parse-command.ts'

const { values, positionals } = parseCommand({ kafka: { type: 'boolean', default: false } }, 1)
const folder = import.meta.dirname
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
const [name = ''] = positionals
if (!names.includes(name))
  throw new UsageError(`Expected one of ${names.join(', ')}, found "${name}"`)

const { default: bench } = (await import(join(folder, `${name}.ts`))) as {
  default: (options: { kafka: boolean }) => Promise<Record<string, unknown>>
}
const result = {
  bench: name,
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  ...(await bench(values)),
}
const file = `${name}${values.kafka ? '--kafka' : ''}.json`
await writeFile(join(folder, 'results', file), `${JSON.stringify(result, null, 2)}\n`)
