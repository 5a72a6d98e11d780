// `npm run deploy <name>…`, `npm run deploy -- --all`: builds each function and hands it to `func deploy`.
import './say-errors.ts'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findTasks } from '#kit/find.ts'
import { bundle } from './build/bundle.ts'
import { chosen } from './build/chosen.ts'
import { formsConfigMaps, readForms } from './knative/forms.ts'

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

for (const [n, facts] of functions.entries()) {
  console.log(`${facts.name} (${n + 1} of ${functions.length})`)
  const { folder } = await bundle(facts, dist)
  func(facts.name, ['deploy', '--path', folder])
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

function func(name: string, args: string[]): void {
  const { status, signal, error } = spawnSync('func', args, { stdio: 'inherit' })
  if (error) {
    throw new Error(`Expected func, the command of Knative Functions, found: ${error.message}`)
  }
  if (status !== 0) {
    throw new Error(`Expected func to deploy ${name}, found that it ended with ${status ?? signal}`)
  }
}
