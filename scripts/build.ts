// `npm run build [name…]`: writes dist/functions/<name>/ for each function, ready for `func deploy`. Prints size and cold start.
import './say-errors.ts'
import { resolve } from 'node:path'
import { bundle } from './build/bundle.ts'
import { chosen } from './build/chosen.ts'
import { coldStart } from './build/cold-start.ts'

const dist = resolve(process.env.DIST_DIR ?? 'dist/functions')

for (const facts of await chosen(process.argv.slice(2))) {
  const { folder, bytes } = await bundle(facts, dist)
  const ms = await coldStart(folder, resolve('forms'))
  const size = `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`${facts.name.padEnd(16)} ${size}, listens ${Math.round(ms)} ms after its start`)
}
