// Every command describes itself with --help, and refuses unknown options.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readCommands } from '../scripts/help/commands.ts'

const commands = readCommands()
const parsed = commands.flatMap(({ command, script, usage }) => {
  const source = script ? readFileSync(script, 'utf8') : ''
  return source.includes('parseCommand(') ? [{ command, source, usage }] : []
})

test('the commands in scripts/ parse their arguments', () => {
  const own = commands.filter(({ script }) => script?.startsWith('scripts/'))
  const names = parsed.map(({ command }) => command)
  expect(own.map(({ command }) => command).filter((name) => !names.includes(name))).toEqual([])
})

test.each(parsed)('the help of $command describes each of its options', ({ source, usage }) => {
  const options = [...source.matchAll(/'?([a-z-]+)'?: \{ type: '(string|boolean)'/g)]
  const described = [...usage.matchAll(/--([a-z][a-z-]*)/g)]
  const namesOf = (matches: RegExpExecArray[]) => new Set(matches.map(([, name]) => name))
  expect(namesOf(described)).toEqual(namesOf(options))
})

function run(script: string, ...args: string[]) {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env,
  })
  return { status, stdout, stderr }
}

test('--help prints the summary and the usage', () => {
  const { summary, usage = '' } =
    commands.find(({ script }) => script === 'scripts/replay.ts') ?? {}
  const { status, stdout } = run('scripts/replay.ts', '--help')
  expect([status, stdout]).toEqual([0, expect.stringContaining(`${summary}\n`)])
  for (const line of usage.split('\n')) expect(stdout).toContain(line)
})

test.each(['scripts/dev.ts', 'scripts/check.ts'])('%s --help runs nothing', (script) => {
  const { status, stdout } = run(script, '--help')
  expect([status, stdout.split('\n')]).toEqual([
    0,
    [expect.any(String), '', expect.any(String), ''],
  ])
})

test.each([
  [['--unknown'], 'Expected one of the options --help, found --unknown'],
  [['one'], 'Expected no arguments, found "one"'],
])('the arguments %j are rejected', (args, message) => {
  const { status, stderr } = run('scripts/help.ts', ...args)
  expect([status, stderr]).toEqual([2, `${message}\n--help shows the arguments\n`])
})

test('npm run help lists every command', () => {
  expect(run('scripts/help.ts').stdout.trim().split('\n')).toHaveLength(commands.length)
})
