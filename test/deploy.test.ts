// `npm run deploy`, with a fake func that records its arguments.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { resourcesOf } from './manifest-schemas.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-deploy-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Puts a fake func on the PATH. It fails for the named functions, as func does when a Secret is missing. */
async function installFakeFunc(...failing: string[]): Promise<void> {
  const program = join(folder, 'func')
  const failures = failing.map((name) => `*/${name}) exit 3;;\n`).join('')
  const record = `[ "$1" = version ] && exit\necho "$@" >> ${folder}/func-calls\n`
  await writeFile(program, `#!/bin/sh\n${record}case "$3" in\n${failures}esac\n`)
  chmodSync(program, 0o755)
}

interface Result {
  status: number | null
  output: string
}

function run(cwd: string, script: string, ...args: string[]): Result {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    DIST_DIR: join(folder, 'dist'),
    PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`,
  }
  const command = [`scripts/${script}.ts`, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

const deploy = (...args: string[]): Result => run(process.cwd(), 'deploy', ...args)

/** The arguments of each call of func since the last look. */
const takeFuncCalls = async (): Promise<string[]> => {
  const text = await readFile(join(folder, 'func-calls'), 'utf8')
  await rm(join(folder, 'func-calls'))
  return text.trim().split('\n')
}

test('without func installed, deploy fails and says so', () => {
  const { status, output } = deploy('slang')
  expect([status, output]).toEqual([1, expect.stringContaining('Expected func, the command of')])
})

test('deploy builds the function and calls func with the folder of the bundle', async () => {
  await installFakeFunc()
  expect(deploy('slang').status).toBe(0)
  expect(await takeFuncCalls()).toEqual([`deploy --path ${folder}/dist/slang`])
  for (const file of ['index.js', 'package.json', 'func.yaml']) {
    expect(existsSync(join(folder, 'dist/slang', file))).toBe(true)
  }
})

test('--all deploys every function; those that fail do not stop the others, and are named at the end', async () => {
  await installFakeFunc('form-endpoint', 'slang')
  const { status, output } = deploy('--all')
  expect(status).toBe(1)
  const names = [
    'form-endpoint',
    'dead-letter',
    'confirmation',
    'sheets',
    'slang',
    'validation',
    'webhook',
  ]
  expect(await takeFuncCalls()).toEqual(names.map((name) => `deploy --path ${folder}/dist/${name}`))
  const why = 'not deployed: func ended with 3; its output is above'
  expect(output.trim().split('\n').slice(-8)).toEqual([
    `form-endpoint    ${why}`,
    'dead-letter      deployed',
    'confirmation     deployed',
    'sheets           deployed',
    `slang            ${why}`,
    'validation       deployed',
    'webhook          deployed',
    'Expected to deploy all, found 2 that failed: form-endpoint, slang',
  ])
})

test('a function that cannot be built does not stop the others', async () => {
  await installFakeFunc()
  const copy = await copyRepository('unbuilt')
  await writeFile(join(copy, 'functions/form-endpoint/main.ts'), `import './nowhere.ts'\n`)
  const { status, output } = run(copy, 'deploy', 'form-endpoint', 'slang')
  expect([status, output]).toEqual([1, expect.stringContaining('form-endpoint    not deployed: ')])
  expect(await takeFuncCalls()).toEqual([`deploy --path ${folder}/dist/slang`])
})

test.each([
  [
    ['slag'],
    'Expected one of form-endpoint, dead-letter, confirmation, sheets, slang, validation, webhook, found "slag"',
  ],
  [
    [''],
    'Expected one of form-endpoint, dead-letter, confirmation, sheets, slang, validation, webhook, found ""',
  ],
  [[], 'Expected: npm run deploy <name>'],
  [['slang', '--all'], 'Expected: npm run deploy <name>'],
])('the arguments %j are refused before anything is built', async (args, message) => {
  await installFakeFunc()
  const { status, output } = deploy(...args)
  expect([status, output]).toEqual([2, expect.stringContaining(message)])
  expect(existsSync(join(folder, 'func-calls'))).toBe(false)
})

/** A copy of the repository that a test can change. */
async function copyRepository(name: string): Promise<string> {
  const copy = join(folder, name)
  await mkdir(copy)
  for (const part of [
    'functions',
    'kafka',
    'knative',
    'forms',
    'local',
    'scripts',
    'test',
    'bench',
    'docs',
    'CHANGELOG.md',
    'package.json',
    'package-lock.json',
  ]) {
    // Times are kept because a lockfile newer than the installed packages would start an installation.
    await cp(part, join(copy, part), { recursive: true, preserveTimestamps: true })
  }
  await symlink(resolve('node_modules'), join(copy, 'node_modules'))
  return copy
}

test('deploy refuses more forms than func can mount', async () => {
  await installFakeFunc()
  const copy = await copyRepository('full')
  const form = `title: Large\nfields:\n  name: { type: text }\n${`# ${'x'.repeat(98)}\n`.repeat(600)}`
  for (let n = 0; n < 20; n++) await writeFile(join(copy, 'forms', `large-${n}.yaml`), form)
  const { status, output } = run(copy, 'deploy', 'slang')
  const message = 'Expected forms that fit one ConfigMap, as func mounts no more, found 4'
  expect([status, output]).toEqual([1, expect.stringContaining(message)])
  expect(existsSync(join(folder, 'func-calls'))).toBe(false)
})

test('a task that needs a missing variable is built, and the build says that it was not started', async () => {
  const copy = await copyRepository('needs')
  run(copy, 'new', 'task', 'shout', 'shouted')
  const task = join(copy, 'functions/shout/task.ts')
  const text = await readFile(task, 'utf8')
  await writeFile(
    task,
    text.replace('  async handle', '  config: z.object({ KEY: z.string() }),\n  async handle'),
  )
  const { status, output } = run(copy, 'build', 'shout')
  expect([status, output]).toEqual([0, expect.stringContaining('not started here: KEY not set')])
})

test('a new task can be deployed without further edits', async () => {
  await installFakeFunc()
  const copy = await copyRepository('copy')
  for (const command of [['new', 'task', 'shout', 'shouted'], ['generate'], ['deploy', 'shout']]) {
    expect(run(copy, ...(command as [string]))).toMatchObject({ status: 0 })
  }
  expect(await takeFuncCalls()).toEqual([`deploy --path ${folder}/dist/shout`])
  const kinds = resourcesOf(join(copy, 'knative/base/shout.yaml')).map(({ kind }) => kind)
  expect(kinds).toEqual(['Service', 'KafkaSource', 'KafkaSink', 'SinkBinding'])
  expect(await readFile(join(copy, 'knative/base/kustomization.yaml'), 'utf8')).toContain(
    'shout.yaml',
  )
})
