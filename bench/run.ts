// `npm run bench -- <name>`: runs bench/<name>.ts and keeps what it measured in bench/results/<name>.json.
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

const name = process.argv[2] ?? ''
const folder = import.meta.dirname
const parts = new Set(['run.ts'])
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && !parts.has(file))
  .map((file) => file.slice(0, -3))
if (!names.includes(name)) throw new Error(`Expected one of ${names.join(', ')}, found "${name}"`)

const { default: bench } = (await import(join(folder, `${name}.ts`))) as {
  default: () => Promise<Record<string, unknown>>
}
const result = {
  bench: name,
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  ...(await bench()),
}
await writeFile(join(folder, 'results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
