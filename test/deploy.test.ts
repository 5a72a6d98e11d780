// `npm run deploy`, with a program in the place of func that keeps what it was asked for.

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

/** It refuses the functions that are named, as func does where a Secret is missing. */
async function installFunc(...refused: string[]): Promise<void> {
  const program = join(folder, 'func')
  const refuse = refused.map((name) => `*/${name}) exit 3;;\n`).join('')
  const ask = `[ "$1" = version ] && exit\necho "$@" >> ${folder}/asked\n`
  await writeFile(program, `#!/bin/sh\n${ask}case "$3" in\n${refuse}esac\n`)
  chmodSync(program, 0o755)
}

interface Ended {
  status: number | null
  output: string
}

function run(cwd: string, script: string, ...args: string[]): Ended {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    DIST_DIR: join(folder, 'dist'),
    PATH: `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`,
  }
  const given = [`scripts/${script}.ts`, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, given, {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

const deploy = (...args: string[]): Ended => run(process.cwd(), 'deploy', ...args)

const asked = async (): Promise<string[]> => {
  const text = await readFile(join(folder, 'asked'), 'utf8')
  await rm(join(folder, 'asked'))
  return text.trim().split('\n')
}

test('without func it says so', () => {
  const { status, output } = deploy('slang')
  expect([status, output]).toEqual([1, expect.stringContaining('Expected func, the command of')])
})

test('a function is built and handed to func with its folder', async () => {
  await installFunc()
  expect(deploy('slang').status).toBe(0)
  expect(await asked()).toEqual([`deploy --path ${folder}/dist/slang`])
  for (const file of ['index.js', 'package.json', 'func.yaml']) {
    expect(existsSync(join(folder, 'dist/slang', file))).toBe(true)
  }
})

test('all of them, one after the other', async () => {
  await installFunc()
  expect(deploy('--all').status).toBe(0)
  const names = ['form-endpoint', 'dead-letter', 'sheets', 'slang', 'validation']
  expect(await asked()).toEqual(names.map((name) => `deploy --path ${folder}/dist/${name}`))
})

test('those that fail hold up no other, and are named at the end', async () => {
  await installFunc('form-endpoint', 'slang')
  const { status, output } = deploy('--all')
  expect(status).toBe(1)
  expect(await asked()).toHaveLength(5)
  const why = 'not deployed: func ended with 3; what it said is above'
  expect(output.trim().split('\n').slice(-6)).toEqual([
    `form-endpoint    ${why}`,
    'dead-letter      deployed',
    'sheets           deployed',
    `slang            ${why}`,
    'validation       deployed',
    'Expected to deploy all, found 2 that failed: form-endpoint, slang',
  ])
})

test('one that cannot be built holds up no other', async () => {
  await installFunc()
  const copy = await copyRepository('unbuilt')
  await writeFile(join(copy, 'functions/form-endpoint/main.ts'), `import './nowhere.ts'\n`)
  const { status, output } = run(copy, 'deploy', 'form-endpoint', 'slang')
  expect([status, output]).toEqual([1, expect.stringContaining('form-endpoint    not deployed: ')])
  expect(await asked()).toEqual([`deploy --path ${folder}/dist/slang`])
})

test.each([
  [['slag'], 'Expected one of form-endpoint, dead-letter, sheets, slang, validation, found "slag"'],
  [[''], 'Expected one of form-endpoint, dead-letter, sheets, slang, validation, found ""'],
  [[], 'Expected: npm run deploy <name>'],
  [['slang', '--all'], 'Expected: npm run deploy <name>'],
])('%j is refused before anything is built', async (args, message) => {
  await installFunc()
  const { status, output } = deploy(...args)
  expect([status, output]).toEqual([1, expect.stringContaining(message)])
  expect(existsSync(join(folder, 'asked'))).toBe(false)
})

/** The repository, to be changed. */
async function copyRepository(name: string): Promise<string> {
  const copy = join(folder, name)
  await mkdir(copy)
  for (const part of [
    'functions',
    'kafka',
    'knative',
    'forms',
    'scripts',
    'docs',
    'package.json',
    'package-lock.json',
  ]) {
    // A lockfile that is newer than what is installed would be installed again.
    await cp(part, join(copy, part), { recursive: true, preserveTimestamps: true })
  }
  await symlink(resolve('node_modules'), join(copy, 'node_modules'))
  return copy
}

test('more forms than func can mount are refused, and the other way is named', async () => {
  await installFunc()
  const copy = await copyRepository('full')
  const form = `title: Large\nfields:\n  name: { type: text }\n${`# ${'x'.repeat(98)}\n`.repeat(600)}`
  for (let n = 0; n < 20; n++) await writeFile(join(copy, 'forms', `large-${n}.yaml`), form)
  const { status, output } = run(copy, 'deploy', 'slang')
  const message = 'Expected forms that fit one ConfigMap, as func mounts no more, found 4'
  expect([status, output]).toEqual([1, expect.stringContaining(message)])
  expect(existsSync(join(folder, 'asked'))).toBe(false)
})

test('a task that needs a variable is built, though it cannot be started here', async () => {
  const copy = await copyRepository('needs')
  run(copy, 'new', 'task', 'shout', 'shouted')
  const task = join(copy, 'functions/shout/task.ts')
  const text = await readFile(task, 'utf8')
  await writeFile(
    task,
    text.replace('config: z.object({})', 'config: z.object({ KEY: z.string() })'),
  )
  const { status, output } = run(copy, 'build', 'shout')
  expect([status, output]).toEqual([0, expect.stringContaining('not started here: KEY not set')])
})

test('a new task is deployed without another edit', async () => {
  await installFunc()
  const copy = await copyRepository('copy')
  for (const command of [['new', 'task', 'shout', 'shouted'], ['generate'], ['deploy', 'shout']]) {
    expect(run(copy, ...(command as [string]))).toMatchObject({ status: 0 })
  }
  expect(await asked()).toEqual([`deploy --path ${folder}/dist/shout`])
  const kinds = resourcesOf(join(copy, 'knative/base/shout.yaml')).map(({ kind }) => kind)
  expect(kinds).toEqual(['Service', 'KafkaSource', 'KafkaSink', 'SinkBinding'])
  expect(await readFile(join(copy, 'knative/base/kustomization.yaml'), 'utf8')).toContain(
    'shout.yaml',
  )
})
