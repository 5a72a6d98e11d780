// `npm run deploy <name>…`, `npm run deploy -- --all`: builds each function and hands it to `func deploy`. One that fails holds up no other.
import './exit-on-error.ts'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findTasks } from '#kit/find-tasks.ts'
import type { FunctionFacts } from '../knative/generate/facts.ts'
import { formsConfigMaps, readForms } from '../knative/generate/forms.ts'
import { bundle } from './build/bundle.ts'
import { chosen } from './build/select-functions.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
})
if ((positionals.length === 0) !== values.all) {
  throw new Error('Expected: npm run deploy <name>…, or npm run deploy -- --all')
}
const functions = await chosen(positionals)
await expectOneMap()
const dist = resolve(process.env.DIST_DIR ?? 'dist/functions')

expectFunc()

const outcomes: { name: string; problem?: string }[] = []
for (const [n, facts] of functions.entries()) {
  console.log(`${facts.name} (${n + 1} of ${functions.length})`)
  const problem = await deploy(facts).then(
    () => undefined,
    (error: Error) => error.message,
  )
  outcomes.push({ name: facts.name, ...(problem && { problem }) })
}
summarise()

async function deploy(facts: FunctionFacts): Promise<void> {
  const { folder } = await bundle(facts, dist)
  const { status, signal } = spawnSync('func', ['deploy', '--path', folder], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`func ended with ${status ?? signal}; what it said is above`)
}

function summarise(): void {
  console.log()
  for (const { name, problem } of outcomes) {
    console.log(`${name.padEnd(16)} ${problem ? `not deployed: ${problem}` : 'deployed'}`)
  }
  const failed = outcomes.filter(({ problem }) => problem).map(({ name }) => name)
  if (failed.length === 0) return
  console.error(`Expected to deploy all, found ${failed.length} that failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

/** A func.yaml mounts one ConfigMap: what lies in the others its function would not know. */
async function expectOneMap(): Promise<void> {
  const maps = formsConfigMaps(await readForms('forms', await findTasks()))
  const used = maps.filter(({ data }) => Object.keys(data ?? {}).length > 0)
  if (used.length < 2) return
  const instead = 'kubectl apply --server-side --force-conflicts -k knative/overlays/<overlay>'
  throw new Error(
    `Expected forms that fit one ConfigMap, as func mounts no more, found ${used.length}: ${instead}`,
  )
}

/** Before anything is built: without it no function could be deployed. */
function expectFunc(): void {
  const { error } = spawnSync('func', ['version'], { stdio: 'ignore' })
  if (!error) return
  throw new Error(`Expected func, the command of Knative Functions, found: ${error.message}`)
}
