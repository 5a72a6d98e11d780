// `npm run generate` on a copy of the repository with an incompatible change of an event.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..')
const parts = [
  'bench',
  'test',
  'forms',
  'functions',
  'kafka',
  'knative',
  'local',
  'scripts',
  'docs',
  'package.json',
  'CHANGELOG.md',
]

let copy: string
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'formstream-compatibility-'))
  for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
}, 60_000)
afterAll(() => rm(copy, { recursive: true }))

function generate(...args: string[]): Promise<{ code: unknown; output: string }> {
  const options = { cwd: copy, timeout: 120_000, env: { ...process.env, NODE_OPTIONS: '' } }
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/generate.ts', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    )
  })
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(copy, file), 'utf8')
  if (!text.includes(from)) throw new Error(`Expected ${from} in ${file}`)
  await writeFile(join(copy, file), text.replace(from, to))
}

const baseline = () => readFile(join(copy, 'scripts/compatibility/baseline.yaml'), 'utf8')

test('an incompatible change fails, and leaves the baseline, until the changelog names it', async () => {
  expect(await generate('--check')).toEqual({ code: 0, output: '' })
  const before = await baseline()
  await edit('kafka/events.ts', 'tab: z.string(),', '')
  for (const args of [['--check'], []]) {
    const { code, output } = await generate(...args)
    expect(code).toBe(1)
    expect(output).toContain(
      'formstream.submission.recorded tab: presence now absent, was required',
    )
    expect(output).toContain('breaks readers as they are deployed now (receipts; other programs)')
  }
  expect(await baseline()).toBe(before)

  const entry = '- `formstream.submission.recorded` has no `tab` any more.'
  await edit('CHANGELOG.md', '## Unreleased\n', `## Unreleased\n\n${entry}\n`)
  expect(await generate('--check')).toMatchObject({
    code: 1,
    output: expect.stringContaining('scripts/compatibility/baseline.yaml: out of date'),
  })
  expect(await generate()).toEqual({ code: 0, output: '' })
  expect(await generate('--check')).toEqual({ code: 0, output: '' })
  expect(await baseline()).not.toBe(before)
}, 240_000)
