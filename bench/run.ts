// `npm run bench -- <name> [--kafka]`: runs bench/<name>.ts and writes its measurements to bench/results/.
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kafka: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
})
const folder = import.meta.dirname
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
if (values.help) {
  console.log(`npm run bench -- <name> [--kafka]\n\n  name     ${names.join(', ')}`)
  console.log('  --kafka  ingest: measure with three Kafka brokers instead of the embedded log')
  process.exit()
}
const [name = ''] = positionals
if (!names.includes(name)) throw new Error(`Expected one of ${names.join(', ')}, found "${name}"`)

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
