// `npm run bench -- <name>`: runs bench/<name>.ts and keeps what it measured in bench/results/.
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

const [name = '', ...args] = process.argv.slice(2)
const folder = import.meta.dirname
const names = (await readdir(folder))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
if (!names.includes(name)) throw new Error(`Expected one of ${names.join(', ')}, found "${name}"`)

const { default: bench } = (await import(join(folder, `${name}.ts`))) as {
  default: (args: string[]) => Promise<Record<string, unknown>>
}
const result = {
  bench: name,
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
  ...(await bench(args)),
}
await writeFile(
  join(folder, 'results', `${[name, ...args].join('')}.json`),
  `${JSON.stringify(result, null, 2)}\n`,
)
