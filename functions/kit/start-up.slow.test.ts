// All output of a process is log lines, also warnings of Node and errors during the start.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const modules = join(import.meta.dirname, 'start-up.ts')

/** Runs `main` in a process of its own. */
function run(main: string, LOG_LEVEL = 'info') {
  const text = `import { startUp } from ${JSON.stringify(modules)}\nawait startUp({ task: 'echo' }, async () => {${main}})`
  const options = ['--input-type=module-typescript', '--eval', text]
  const env = { PATH: process.env.PATH, LOG_LEVEL }
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { env, encoding: 'utf8' })
  const lines = stdout.split('\n').filter(Boolean)
  return { status, stderr, lines: lines.map((line) => JSON.parse(line)) }
}

test('a warning of Node is a log line', () => {
  const { status, stderr, lines } = run(`process.emitWarning('the disk is slow', 'SlowWarning')`)
  expect([status, stderr]).toEqual([0, ''])
  expect(lines).toMatchObject([
    { level: 40, task: 'echo', name: 'SlowWarning', msg: 'the disk is slow' },
  ])
})

test('the message of an error that is emitted as a warning is not logged', () => {
  const { stderr, lines } = run(`process.emitWarning(new SyntaxError('found xyzzy'))`)
  expect(stderr).toBe('')
  expect(lines).toMatchObject([{ level: 40, name: 'SyntaxError' }])
  expect(JSON.stringify(lines)).not.toContain('xyzzy')
})

test('the timeout warnings that kafkajs causes are left out', () => {
  expect(run('setTimeout(() => {}, -1)')).toEqual({ status: 0, stderr: '', lines: [] })
})

test('LOG_LEVEL applies to warnings, too', () => {
  expect(run(`process.emitWarning('slow')`, 'error').lines).toEqual([])
})

test('an error during the start is one log line, with a stack only for errors in the code', () => {
  const expected = run(`throw new Error('Expected KEY, found nothing')`)
  expect([expected.status, expected.stderr]).toEqual([1, ''])
  expect(expected.lines).toEqual([
    expect.objectContaining({ level: 60, msg: 'does not start: Expected KEY, found nothing' }),
  ])
  expect(expected.lines[0]).not.toHaveProperty('at')
  const mistake = run('undefined.a')
  expect(mistake.lines).toMatchObject([{ level: 60, name: 'TypeError', at: expect.any(Array) }])
})
