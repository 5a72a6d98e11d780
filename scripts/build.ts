// `npm run build [name…]`: writes dist/functions/<name>/ for each function, ready for `func deploy`. Prints size and cold start.
import './exit-on-error.ts'
import { resolve } from 'node:path'
import type { FunctionFacts } from '../knative/generate/facts.ts'
import { bundle } from './build/bundle.ts'
import { coldStart } from './build/cold-start.ts'
import { chosen } from './build/select-functions.ts'

const dist = resolve(process.env.DIST_DIR ?? 'dist/functions')

for (const facts of await chosen(process.argv.slice(2))) {
  const { folder, bytes } = await bundle(facts, dist)
  const size = `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`${facts.name.padEnd(16)} ${size}, ${await started(facts, folder)}`)
}

/** What a task cannot start without may be at hand in the cluster only. */
async function started({ env }: FunctionFacts, folder: string): Promise<string> {
  const needed = env.flatMap((one) => ('secret' in one && !one.optional ? [one.name] : []))
  const missing = needed.filter((name) => !process.env[name])
  if (missing.length > 0) return `not started here: ${missing.join(', ')} not set`
  return `listens ${Math.round(await coldStart(folder, resolve('forms')))} ms after its start`
}
