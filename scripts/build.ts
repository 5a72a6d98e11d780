// `npm run build [name…]`: writes dist/functions/<name>/ for each function, ready for `func deploy`. Prints size and cold start.
import './say-errors.ts'
import { resolve } from 'node:path'
import { findTasks } from '#kit/find.ts'
import { bundle } from './build/bundle.ts'
import { coldStart } from './build/cold-start.ts'
import { endpointFacts, taskFacts } from './knative/facts.ts'

const all = [endpointFacts(), ...(await findTasks()).map(taskFacts)]
const names = all.map(({ name }) => name)
const dist = resolve(process.env.DIST_DIR ?? 'dist/functions')
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !names.includes(name))
if (unknown) throw new Error(`Expected one of ${names.join(', ')}, found "${unknown}"`)

for (const facts of all.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { folder, bytes } = await bundle(facts, dist)
  const ms = await coldStart(folder, resolve('forms'))
  const size = `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`${facts.name.padEnd(16)} ${size}, listens ${Math.round(ms)} ms after its start`)
}
