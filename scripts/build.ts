// Builds functions for deployment, each as a folder that needs no node_modules.
//
//   npm run build [-- <function>…]   without names: all functions
//
// Writes DIST_DIR/<function>/, by default dist/functions/<function>/, and prints its size and cold start.
import { resolve } from 'node:path'
import { readConfig } from '#kit/config.ts'
import type { FunctionFacts } from '../knative/generate/function-facts.ts'
import { bundle } from './build/bundle.ts'
import { coldStart } from './build/cold-start.ts'
import { BuildEnvironment } from './build/environment.ts'
import { selectFunctions } from './build/select-functions.ts'
import { parseCommand } from './parse-command.ts'

const { positionals: names } = parseCommand({}, Number.POSITIVE_INFINITY)
const dist = resolve(readConfig(BuildEnvironment, process.env).DIST_DIR)

for (const facts of await selectFunctions(names)) {
  const { folder, bytes } = await bundle(facts, dist)
  const size = `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`${facts.name.padEnd(16)} ${size}, ${await startTime(facts, folder)}`)
}

/** A function whose required secrets are not set on this machine cannot be started here. */
async function startTime({ env }: FunctionFacts, folder: string): Promise<string> {
  const required = env.flatMap((one) => ('secret' in one && !one.optional ? [one.name] : []))
  const missing = required.filter((name) => !process.env[name])
  if (missing.length > 0) return `not started here: ${missing.join(', ')} not set`
  return `listens ${Math.round(await coldStart(folder, resolve('forms')))} ms after its start`
}
