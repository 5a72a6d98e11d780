// Things in a folder of forms that are no regular file: reported, not read, and never blocking.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { yamlOf } from '../form.fixture.ts'
import { type FormProblem, problemText } from '../form-problems.ts'
import { loadForms } from '../load-forms.ts'
import { readFormTexts } from './read-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'))
})
const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
  await rm(folder, { recursive: true })
})

const good = yamlOf({ a: '{ type: text }' })

async function listen(file: string): Promise<void> {
  const server = createServer()
  toClose.push(() => new Promise((resolve) => server.close(resolve)))
  await new Promise<void>((resolve) => server.listen(file, resolve))
}

async function sparse(file: string, bytes: number): Promise<void> {
  await writeFile(file, good)
  await truncate(file, bytes)
}

const kinds: [what: string, make: (file: string) => unknown, problem: string][] = [
  ['a named pipe', (file) => execFileSync('mkfifo', [file]), 'expected a file, found a named pipe'],
  ['a folder', (file) => mkdir(file), 'expected a file, found a folder'],
  ['a socket', listen, 'expected a file, found a socket'],
  ['a link to a device', (file) => symlink('/dev/zero', file), 'expected a file, found a device'],
  [
    'a file of 8 GiB',
    (file) => sparse(file, 2 ** 33),
    `expected at most 262144 bytes, found ${2 ** 33}`,
  ],
  [
    'a file of one byte too many',
    (file) => sparse(file, 262_145),
    'expected at most 262144 bytes, found 262145',
  ],
]

test.each(kinds)(
  '%s in place of a form file is refused; other forms load',
  async (_, make, problem) => {
    await make(join(folder, 'x.yaml'))
    await writeFile(join(folder, 'a.yaml'), good)
    const problems: FormProblem[] = []
    const forms = await loadForms(folder, { knownTasks: {}, onError: (one) => problems.push(one) })
    forms.close()
    expect(forms.all().map(({ id }) => id)).toEqual(['a'])
    expect(problems.map(problemText)).toEqual([`${join(folder, 'x.yaml')}:1: ${problem}`])
    expect(forms.wrong('x')).toEqual(problems[0])
  },
)

test.each(kinds)('%s in place of a checked copy is ignored', async (_, make) => {
  await make(join(folder, 'x.yaml.checked'))
  await writeFile(join(folder, 'x.yaml'), good)
  const texts = await readFormTexts(folder)
  expect(texts).toEqual(new Map([[join(folder, 'x.yaml'), { text: good }]]))
})

test('a link to a file of the largest size is read', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  const large = good.padEnd(262_144, '#')
  await writeFile(join(elsewhere, 'forms.txt'), large)
  await symlink(join(elsewhere, 'forms.txt'), join(folder, 'a.yaml'))
  const texts = await readFormTexts(folder)
  expect(texts).toEqual(new Map([[join(folder, 'a.yaml'), { text: large }]]))
})

test('a link to nothing is ignored', async () => {
  await symlink(join(folder, 'nowhere'), join(folder, 'a.yaml'))
  expect(await readFormTexts(folder)).toEqual(new Map())
})
