import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs `npm run forms -- check`. A signal means that it had to be killed. */
function check(forms: string): Promise<{ code: unknown; signal: unknown; output: string }> {
  const command = [join(import.meta.dirname, 'forms.ts'), 'check', forms]
  return new Promise((resolve) => {
    const options = { timeout: 20_000, killSignal: 'SIGKILL' as const }
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, signal: error?.signal, output: stdout + stderr })
    })
  })
}

test('a named pipe among the forms is reported, and the command exits', async () => {
  execFileSync('mkfifo', [join(folder, 'x.yaml')])
  const { code, signal, output } = await check(folder)
  expect([code, signal ?? undefined, output]).toEqual([
    1,
    undefined,
    `${join(folder, 'x.yaml')}:1: expected a file, found a named pipe\n`,
  ])
})

test('a folder that is missing, or is a file, is reported without a system error', async () => {
  const [none, file] = [join(folder, 'none'), join(folder, 'file')]
  await writeFile(file, '')
  const results = [await check(none), await check(join(file, 'below')), await check(file)]
  expect(results.map(({ code, output }) => [code, output])).toEqual([
    [1, `Expected a folder of forms at ${none}, found none\n`],
    [1, `Expected a folder of forms at ${join(file, 'below')}, found none\n`],
    [1, `Expected a folder of forms at ${file}, found a file\n`],
  ])
})

const text = (accepted: string): string => `title: A
fields:
  name: { type: text }
tests:
  - answers: { name: Ann }
    accepted: { name: ${accepted} }
`

test('the tests of named files run; one that fails is reported with file and line', async () => {
  const [right, wrong] = [join(folder, 'right.yaml'), join(folder, 'wrong.yaml')]
  await writeFile(right, text('Ann'))
  await writeFile(wrong, text('Bea'))
  expect(await check(right)).toMatchObject({
    code: 0,
    output: `1 forms in ${right}, 1 tests passed, no problems\n`,
  })
  const failure = `${wrong}:6: tests.0.accepted.name: expected "Bea", found "Ann"\n`
  expect(await check(wrong)).toMatchObject({ code: 1, output: failure })
  expect(await check(folder)).toMatchObject({ code: 1, output: failure })
})

test('a form file that is missing is reported', async () => {
  const none = join(folder, 'none.yaml')
  expect(await check(none)).toMatchObject({
    code: 1,
    output: `Expected a form file at ${none}, found none\n`,
  })
})

test('a warning is printed, and the command succeeds', async () => {
  const file = join(folder, 'a.yaml')
  const mail = 'confirmation: { to: email, subject: a, text: b }'
  await writeFile(file, `title: A\nfields: { email: { type: email } }\ntasks: { ${mail} }\n`)
  const { code, output } = await check(folder)
  expect([code, output]).toEqual([
    0,
    expect.stringContaining(`${file}:3: tasks.confirmation: warning: `),
  ])
})
