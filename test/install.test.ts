// A fresh clone on a machine whose Node is not the project's: every command installs what it needs, and goes on with its own Node.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts

/** A command of package.json, or one that begins with another of them. */
const begins = /^node (--import \.\/)?scripts\/install\.js |^npm (test|run [a-z:]+)( |$)/

test.each(Object.entries(scripts))('npm run %s installs what is missing first', (_name, script) => {
  expect(script).toMatch(begins)
  expect(script).not.toMatch(/&& node /)
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-install-'))
  mkdirSync(join(folder, 'bin'))
  cpSync('scripts/install.js', join(folder, 'scripts/install.js'))
  const manifest = { type: 'module', dependencies: { node: process.versions.node } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  writeFileSync(join(folder, 'main.ts'), main)
  program('bin/npm', npm)
})
afterEach(() => rm(folder, { recursive: true }))

const main = `import { fork } from 'node:child_process'
const { execArgv, argv, env } = process
const said: object = { own: env.OWN, execArgv, args: argv.slice(2) }
process.exitCode = 3
if (argv[2] === 'wait') {
  process.once('SIGTERM', () => process.exit(7))
  setInterval(() => {}, 1000)
}
console.log(JSON.stringify(said))
`

/** Brings the Node of this test, which tells that it is the own one. */
const npm = `echo "$@" >> asked
echo words of npm
mkdir -p node_modules/.bin
touch node_modules/.package-lock.json
printf '#!/bin/sh\\nunset NODE_OPTIONS\\nOWN=yes exec "%s" "$@"\\n' "${process.execPath}" > node_modules/.bin/node
chmod +x node_modules/.bin/node
`

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}`)
  chmodSync(join(folder, name), 0o755)
}

/** Makes a process take itself for another Node, as its own one does not. */
const other =
  "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.0.0'}})"

const command = (...args: string[]) =>
  [
    process.execPath,
    ['--import', './scripts/install.js', '--no-deprecation', 'main.ts', ...args],
  ] as const

const options = () => ({
  cwd: folder,
  env: { PATH: `${folder}/bin:/usr/bin:/bin`, NODE_OPTIONS: other },
})

function run(...args: string[]) {
  const [program, given] = command(...args)
  const { status, stdout } = spawnSync(program, given, { ...options(), encoding: 'utf8' })
  return { status, stdout }
}

const asked = (): string[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n')

test('the command runs on the own Node, with its flags and arguments; its output and its end are its own', () => {
  const { status, stdout } = run('a', 'b c')
  expect(status).toBe(3)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ own: 'yes', execArgv: ['--no-deprecation'], args: ['a', 'b c'] }])
  expect(asked()).toEqual([expect.stringMatching(/^ci /)])
})

test('what is installed is not installed again, until the lockfile is newer', () => {
  run()
  run()
  expect(asked()).toHaveLength(1)
  const before = new Date(Date.now() - 60_000)
  utimesSync(join(folder, 'node_modules/.package-lock.json'), before, before)
  run()
  expect(asked()).toHaveLength(2)
})

test('where npm fails, so does the command, and nothing runs', () => {
  program('bin/npm', 'exit 9')
  expect(run()).toEqual({ status: 1, stdout: '' })
})

test('SIGTERM ends the command as it would without what stands above it', async () => {
  const child = spawn(...command('wait'), options())
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([7, null])
})
