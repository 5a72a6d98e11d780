// A fresh clone on a machine with another version of Node: every npm command installs the packages first, then runs on the project's Node.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts

/** The script runs install.js first, or begins with another npm script that does. */
const installsFirst = /^node (--import \.\/)?scripts\/install\.js |^npm (test|run [a-z:]+)( |$)/

test.each(Object.entries(scripts))(
  'npm run %s installs missing packages first',
  (_name, script) => {
    expect(script).toMatch(installsFirst)
    expect(script).not.toMatch(/&& node /)
  },
)

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

/** The command. It prints how it was started and exits with 3; with the argument `wait` it waits for SIGTERM. */
const main = `import { fork } from 'node:child_process'
const { execArgv, argv, env } = process
const start: object = { projectNode: env.PROJECT_NODE, execArgv, args: argv.slice(2) }
process.exitCode = 3
if (argv[2] === 'wait') {
  process.once('SIGTERM', () => process.exit(7))
  setInterval(() => {}, 1000)
}
console.log(JSON.stringify(start))
`

/** A fake npm. It installs a Node that sets PROJECT_NODE, and prints something that must not reach the command's output. */
const npm = `echo "$@" >> npm-calls
echo output of npm
mkdir -p node_modules/.bin
touch node_modules/.package-lock.json
printf '#!/bin/sh\\nunset NODE_OPTIONS\\nPROJECT_NODE=yes exec "%s" "$@"\\n' "${process.execPath}" > node_modules/.bin/node
chmod +x node_modules/.bin/node
`

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}`)
  chmodSync(join(folder, name), 0o755)
}

/** NODE_OPTIONS that make a process report another version of Node. The installed Node unsets them. */
const otherVersion =
  "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.0.0'}})"

const command = (...args: string[]) =>
  [
    process.execPath,
    ['--import', './scripts/install.js', '--no-deprecation', 'main.ts', ...args],
  ] as const

const options = () => ({
  cwd: folder,
  env: { PATH: `${folder}/bin:/usr/bin:/bin`, NODE_OPTIONS: otherVersion },
})

function run(...args: string[]) {
  const [node, commandArgs] = command(...args)
  const { status, stdout, stderr } = spawnSync(node, commandArgs, {
    ...options(),
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** The arguments of each call of npm. */
const npmCalls = (): string[] => readFileSync(join(folder, 'npm-calls'), 'utf8').trim().split('\n')

test("a command runs on the project's Node with its flags and arguments, and only its own output and exit code come out", () => {
  const { status, stdout } = run('a', 'b c')
  expect(status).toBe(3)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ projectNode: 'yes', execArgv: ['--no-deprecation'], args: ['a', 'b c'] }])
  expect(npmCalls()).toEqual([expect.stringMatching(/^ci /)])
})

test('packages are installed again only when the lockfile is newer than the installation', () => {
  run()
  run()
  expect(npmCalls()).toHaveLength(1)
  const before = new Date(Date.now() - 60_000)
  utimesSync(join(folder, 'node_modules/.package-lock.json'), before, before)
  run()
  expect(npmCalls()).toHaveLength(2)
})

test('when npm fails, the command fails without running', () => {
  program('bin/npm', 'exit 9')
  expect(run()).toMatchObject({ status: 1, stdout: '' })
})

test('nothing is installed into the folder that a link leads to', () => {
  run()
  renameSync(join(folder, 'node_modules'), join(folder, 'shared'))
  symlinkSync('shared', join(folder, 'node_modules'))
  expect(run().status).toBe(3)
  const before = new Date(Date.now() - 60_000)
  utimesSync(join(folder, 'shared/.package-lock.json'), before, before)
  expect(run()).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Expected node_modules to have the packages .* found a link/),
  })
  expect(npmCalls()).toHaveLength(1)
})

test('SIGTERM reaches the command, and its exit code is passed on', async () => {
  const child = spawn(...command('wait'), options())
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([7, null])
})
