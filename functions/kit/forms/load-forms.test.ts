// A folder of forms while it changes: edits, wrong files, shared paths, and Kubernetes' links.
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import * as z from 'zod'
import { findFieldTypes } from './find-field-types.ts'
import { watchFolder } from './folder/watch-folder.ts'
import { yamlOf } from './form.fixture.ts'
import { problemText } from './form-problems.ts'
import { type Forms, loadForms } from './load-forms.ts'

const opened: { close(): void }[] = []
const folders: string[] = []
afterEach(async () => {
  for (const forms of opened.splice(0)) forms.close()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const good = (title: string, path?: string) =>
  yamlOf({ a: '{ type: text }' }).replace('A form', path ? `${title}\npath: ${path}` : title)
const wrong = 'title: Wrong\nfields:\n  a: { type: nothing }\n'

interface OpenFolder {
  folder: string
  forms: Forms
  problems: string[]
  write(file: string, text: string): Promise<void>
  /** The ids of the next change, or the text of the next problem. */
  next(): Promise<string[] | string>
}

async function openFolder(files: Record<string, string> = {}): Promise<OpenFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'forms-'))
  folders.push(folder)
  const write = (file: string, text: string) => writeFile(join(folder, file), text)
  for (const [file, text] of Object.entries(files)) await write(file, text)
  return watched(folder, write)
}

async function watched(
  folder: string,
  write: OpenFolder['write'],
  checkedIn?: string,
): Promise<OpenFolder> {
  const problems: string[] = []
  const waiting: ((news: string[] | string) => void)[] = []
  const tell = (news: string[] | string) => waiting.shift()?.(news)
  const forms = await loadForms(folder, {
    knownTasks: {},
    checkedIn,
    onChange: tell,
    onError: (problem) => {
      problems.push(problemText(problem).replace(`${folder}/`, '').replaceAll(`${folder}/`, ''))
      tell(problems.at(-1)!)
    },
  })
  opened.push(forms)
  const next = () => new Promise<string[] | string>((resolve) => waiting.push(resolve))
  return { folder, forms, problems, write, next }
}

const titles = (forms: Forms) => Object.fromEntries(forms.all().map(({ id, title }) => [id, title]))

test('a wrong file is refused, the other forms work', async () => {
  const { forms, problems } = await openFolder({
    'a.yaml': good('A', '/x/'),
    'b.yaml': wrong,
    'notes.txt': '',
  })
  expect(titles(forms)).toEqual({ a: 'A' })
  expect(problems).toEqual([
    expect.stringMatching(/^b.yaml:3: fields.a.type: expected one of .*, found "nothing"$/),
  ])
  expect(forms.problems()).toMatchObject([{ line: 3, path: 'fields.a.type' }])
  expect([forms.get('a'), forms.byPath('/x/'), forms.byPath('/x')].map((form) => form?.id)).toEqual(
    ['a', 'a', 'a'],
  )
  expect([forms.get('b'), forms.byPath('/y/'), forms.get('constructor')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('forms follow their files: added, changed and removed', async () => {
  const { folder, forms, write, next } = await openFolder({
    'a.yaml': good('A'),
    'c.yaml': good('C'),
  })
  const untouched = forms.get('c')
  const steps: [act: () => Promise<void>, changed: string[], titles: object][] = [
    [() => write('b.yaml', good('B')), ['b'], { a: 'A', b: 'B', c: 'C' }],
    [() => write('a.yaml', good('A2')), ['a'], { a: 'A2', b: 'B', c: 'C' }],
    [() => unlink(join(folder, 'a.yaml')), ['a'], { b: 'B', c: 'C' }],
  ]
  for (const [act, changed, expected] of steps) {
    const [news] = await Promise.all([next(), act()])
    expect([news, titles(forms)]).toEqual([changed, expected])
  }
  expect(forms.get('c')).toBe(untouched)
})

test('a form whose file becomes wrong keeps its last good version until the file is right again', async () => {
  const { forms, problems, write, next } = await openFolder({ 'a.yaml': good('A') })
  await Promise.all([next(), write('a.yaml', wrong)])
  expect([titles(forms), problems.length, forms.problems().length]).toEqual([{ a: 'A' }, 1, 1])
  await Promise.all([next(), write('a.yaml', good('A2'))])
  expect([titles(forms), problems.length, forms.problems().length]).toEqual([{ a: 'A2' }, 1, 0])
})

test('an edit by writing a new file and renaming it is noticed', async () => {
  const { folder, forms, write, next } = await openFolder({ 'a.yaml': good('A') })
  for (const title of ['A2', 'A3']) {
    const changed = next()
    await write('.a.yaml.swp', good(title))
    await rename(join(folder, 'a.yaml'), join(folder, 'a.yaml~'))
    await rename(join(folder, '.a.yaml.swp'), join(folder, 'a.yaml'))
    expect([await changed, titles(forms)]).toEqual([['a'], { a: title }])
  }
})

test('a change of the ..data link, as kubelet makes it, is noticed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forms-'))
  folders.push(folder)
  const project = async (version: string, files: Record<string, string>) => {
    await mkdir(join(folder, version))
    for (const [file, text] of Object.entries(files))
      await writeFile(join(folder, version, file), text)
    await symlink(version, join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
  }
  await project('..2026_01', { 'a.yaml': good('A'), 'b.yaml': good('B') })
  for (const file of ['a.yaml', 'b.yaml']) await symlink(`..data/${file}`, join(folder, file))
  const { forms, next, problems } = await watched(folder, async () => {})
  expect(titles(forms)).toEqual({ a: 'A', b: 'B' })
  for (const [version, title] of [
    ['..2026_02', 'A2'],
    ['..2026_03', 'A3'],
  ] as const) {
    const [changed] = await Promise.all([next(), project(version, { 'a.yaml': good(title) })])
    expect(changed).toContain('a')
    expect(titles(forms)).toEqual({ a: title })
  }
  expect(problems).toEqual([])
})

test('if two forms have the same path, the later file is refused until the path is free', async () => {
  const { folder, forms, problems, write, next } = await openFolder({
    'a.yaml': good('A', '/x/'),
    'b.yaml': good('B', '/x/'),
  })
  expect([titles(forms), forms.byPath('/x')?.id]).toEqual([{ a: 'A' }, 'a'])
  expect(problems).toEqual([
    'b.yaml:2: path: expected a path of its own, found "/x/", which a.yaml has',
  ])
  await Promise.all([next(), write('0.yaml', good('0', '/x/'))])
  expect([problems.length, titles(forms)]).toEqual([2, { a: 'A' }])
  await unlink(join(folder, '0.yaml'))
  await Promise.all([next(), unlink(join(folder, 'a.yaml'))])
  expect([titles(forms), forms.byPath('/x')?.id, forms.problems()]).toEqual([{ b: 'B' }, 'b', []])
})

test('a path that one form gives up can be taken by another in the same edit', async () => {
  const { forms, problems, write, next } = await openFolder({
    'a.yaml': good('A', '/x/'),
    'b.yaml': good('B', '/y/'),
  })
  await Promise.all([next(), write('a.yaml', good('A', '/y/')), write('b.yaml', good('B', '/z/'))])
  expect([problems, forms.byPath('/y/')?.id, forms.byPath('/z/')?.id, forms.byPath('/x/')]).toEqual(
    [[], 'a', 'b', undefined],
  )
})

test('a file that cannot be read keeps its form', async () => {
  const { folder, forms, next } = await openFolder({ 'a.yaml': good('A') })
  const [news] = await Promise.all([
    next(),
    unlink(join(folder, 'a.yaml')).then(() => mkdir(join(folder, 'a.yaml'))),
  ])
  expect([news, titles(forms)]).toEqual(['a.yaml:1: expected a file, found a folder', { a: 'A' }])
})

test('a process that starts while a file is wrong serves the checked copy', async () => {
  const files = { 'a.yaml': wrong, 'a.yaml.checked': good('A', '/x/'), 'b.yaml.checked': good('B') }
  const { forms, problems, write, next } = await openFolder(files)
  expect([titles(forms), forms.byPath('/x')?.id]).toEqual([{ a: 'A' }, 'a'])
  expect([problems, forms.wrong('a')]).toEqual([[expect.stringMatching(/^a.yaml:3/)], undefined])
  await Promise.all([next(), write('a.yaml', good('A2'))])
  await Promise.all([next(), write('a.yaml', wrong)])
  expect(titles(forms)).toEqual({ a: 'A2' })
})

test('checked copies may lie in their own folder and be added later', async () => {
  const { folder, write } = await openFolder({ 'a.yaml': wrong })
  const checkedIn = join(folder, 'checked')
  await mkdir(checkedIn)
  const { forms, next } = await watched(folder, write, checkedIn)
  expect(titles(forms)).toEqual({})
  await writeFile(join(checkedIn, 'a.yaml.checked'), good('A'))
  await Promise.all([next(), write('b.yaml', good('B'))])
  expect(titles(forms)).toEqual({ a: 'A', b: 'B' })
})

test('a form without a good version is reported as wrong by id and path; an unknown one is not', async () => {
  const text = wrong.replace('fields', 'path: /x/\nfields')
  const { forms } = await openFolder({
    'a.yaml': text,
    'a.yaml.checked': wrong,
    'b.yaml': good('B'),
  })
  const [a, byPath, ...others] = ['a', '/x', 'b', 'c', '/y/', 'constructor'].map((one) =>
    forms.wrong(one),
  )
  expect(a).toMatchObject({ line: 4, path: 'fields.a.type' })
  expect([byPath, others]).toEqual([a, [undefined, undefined, undefined, undefined]])
})

test('a file that is not UTF-8 is refused with the line of the first wrong byte', async () => {
  const { folder, forms, problems, next } = await openFolder({ 'a.yaml': good('A') })
  const latin1 = Buffer.from(good('Caf\u00e9').replace('title', '# \u0915\ntitle'), 'latin1')
  const [news] = await Promise.all([next(), writeFile(join(folder, 'a.yaml'), latin1)])
  expect(news).toBe('a.yaml:2: expected text in UTF-8, found bytes of another encoding')
  expect([titles(forms), problems.length]).toEqual([{ a: 'A' }, 1])
  const utf16 = Buffer.from(`\ufeff${good('A2')}`, 'utf16le')
  const [then] = await Promise.all([next(), writeFile(join(folder, 'a.yaml'), utf16)])
  expect(then).toMatch(/^a.yaml:1: expected text in UTF-8/)
})

test('after close no changes and problems are reported', async () => {
  const { forms, write, problems, next } = await openFolder()
  let news: unknown
  void next().then((value) => (news = value))
  forms.close()
  await write('a.yaml', wrong)
  // Longer than the watcher waits for further changes. There is no event to wait for.
  await passed(200)
  expect([news, problems]).toEqual([undefined, []])
})

test('a missing folder is an error at the start', async () => {
  await expect(loadForms('/nowhere/forms', { knownTasks: {} })).rejects.toThrow(
    'Expected a folder of forms at /nowhere/forms, found none',
  )
})

describe('changes that cause no event in the folder are found by polling', () => {
  const nextChange = async (folder: string) => {
    const seen = Promise.withResolvers<void>()
    const watcher = watchFolder(folder, async () => seen.resolve(), 20)
    opened.push(watcher)
    // The watcher must read the folder before the change, and has no event for that.
    await passed(50)
    return seen.promise
  }

  test('the target of a link changes', async () => {
    const { folder } = await openFolder()
    const elsewhere = await openFolder({ 'a.yaml': good('A') })
    await symlink(join(elsewhere.folder, 'a.yaml'), join(folder, 'a.yaml'))
    const seen = nextChange(folder)
    await passed(50)
    await elsewhere.write('a.yaml', good('A2'))
    await seen
  })

  test('the folder is replaced by another one, which then changes', async () => {
    const { folder } = await openFolder({ 'forms.txt': '' })
    const [forms, newer] = [join(folder, 'forms'), join(folder, 'newer')]
    for (const [at, title] of [
      [forms, 'A'],
      [newer, 'A2'],
    ] as const) {
      await mkdir(at)
      await writeFile(join(at, 'a.yaml'), good(title))
    }
    const replaced = await watched(forms, async () => {})
    await rename(forms, join(folder, 'older'))
    const [changed] = await Promise.all([replaced.next(), rename(newer, forms)])
    expect([changed, titles(replaced.forms)]).toEqual([['a'], { a: 'A2' }])
    await Promise.all([replaced.next(), writeFile(join(forms, 'a.yaml'), good('A3'))])
    expect(titles(replaced.forms)).toEqual({ a: 'A3' })
  }, 20_000)
})

test('schemas of fields are made on first use, not when forms are loaded', async () => {
  const types = [...(await findFieldTypes()).values()]
  const made = types.map((type) => jest.spyOn(type, 'schema'))
  const count = () => made.reduce((sum, { mock }) => sum + mock.calls.length, 0)
  const files = Array.from({ length: 50 }, (_, n) => [`f-${n}.yaml`, good(`F ${n}`)])
  const { forms } = await openFolder(Object.fromEntries(files))
  expect([forms.all().length, forms.problems(), count()]).toEqual([50, [], 0])
  expect(forms.get('f-7')?.parse({ a: 'x' }).ok).toBe(true)
  expect(count()).toBe(1)
  for (const spy of made) spy.mockRestore()
})

test('a warning is reported when its form begins to be served, and the form is served', async () => {
  const { folder, write } = await openFolder({ 'a.yaml': `${good('First')}tasks: { mail: {} }\n` })
  const warnings: string[] = []
  const changes: string[][] = []
  const forms = await loadForms(folder, {
    knownTasks: { mail: { options: z.strictObject({}), warn: () => 'expected care, found none' } },
    onWarning: (warning) => warnings.push(problemText(warning)),
    onChange: (changed) => void changes.push(changed),
  })
  opened.push(forms)
  const warning = `${join(folder, 'a.yaml')}:4: tasks.mail: warning: expected care, found none`
  expect([forms.get('a')?.title, warnings]).toEqual(['First', [warning]])
  await write('b.yaml', good('Other'))
  while (changes.length === 0) await passed(20)
  expect([changes, warnings]).toEqual([[['b']], [warning]])
})
