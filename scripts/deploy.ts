// Builds functions and deploys each with `func deploy`. If one fails, the others are still deployed.
//
//   npm run deploy <function>…
//   npm run deploy -- --all
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { formsConfigMaps, readForms } from '../knative/generate/forms-config-maps.ts'
import type { FunctionFacts } from '../knative/generate/function-facts.ts'
import { bundle } from './build/bundle.ts'
import { BuildEnvironment } from './build/environment.ts'
import { selectFunctions } from './build/select-functions.ts'
import { parseCommand, UsageError } from './parse-command.ts'

const { values, positionals: names } = parseCommand(
  { all: { type: 'boolean', default: false } },
  Number.POSITIVE_INFINITY,
)
if ((names.length === 0) !== values.all) {
  throw new UsageError('Expected: npm run deploy <name>…, or npm run deploy -- --all')
}
const functions = await selectFunctions(names)
await expectOneConfigMap()
expectFunc()
const dist = resolve(readConfig(BuildEnvironment, process.env).DIST_DIR)

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
  if (status !== 0) throw new Error(`func ended with ${status ?? signal}; its output is above`)
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

/** A func.yaml mounts one ConfigMap; the function would not see forms in a second one. */
async function expectOneConfigMap(): Promise<void> {
  const maps = formsConfigMaps(await readForms('forms', await findTasks()))
  const used = maps.filter(({ data }) => Object.keys(data ?? {}).length > 0)
  if (used.length < 2) return
  const instead = 'kubectl apply --server-side --force-conflicts -k knative/overlays/<overlay>'
  throw new Error(
    `Expected forms that fit one ConfigMap, as func mounts no more, found ${used.length}: ${instead}`,
  )
}

/** Checked before the first build, which would be wasted without func. */
function expectFunc(): void {
  const { error } = spawnSync('func', ['version'], { stdio: 'ignore' })
  if (!error) return
  throw new Error(`Expected func, the command of Knative Functions, found: ${error.message}`)
}
