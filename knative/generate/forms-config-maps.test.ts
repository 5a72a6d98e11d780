import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'
import { formsConfigMaps, readForms } from './forms-config-maps.ts'

const makeForms = (count: number, bytes: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`form-${n}.yaml`, 'x'.repeat(bytes)]))

const countUsed = (forms: Record<string, string>): number =>
  formsConfigMaps(forms).filter(({ data }) => Object.keys(data ?? {}).length > 0).length

test('forms that fit one map are in the first one, and the other maps are empty', () => {
  const maps = formsConfigMaps(makeForms(100, 1000))
  expect(maps.map(({ metadata }) => metadata.name)).toEqual(
    Array.from({ length: 16 }, (_, n) => `forms-${n}`),
  )
  expect(Object.keys(maps[0]?.data ?? {})).toHaveLength(100)
  expect(countUsed(makeForms(100, 1000))).toBe(1)
})

test('more forms are distributed, each to one map, and no map exceeds the limit of Kubernetes', () => {
  const forms = makeForms(5000, 1000)
  const maps = formsConfigMaps(forms).map(({ data }) => data ?? {})
  expect(countUsed(forms)).toBe(16)
  expect(Object.assign({}, ...maps)).toEqual(forms)
  expect(maps.flatMap((data) => Object.keys(data))).toHaveLength(5000)
  for (const data of maps) expect(2 * JSON.stringify(data).length).toBeLessThan(2 ** 20)
})

test('a new form moves no other form to another map', () => {
  const before = formsConfigMaps(makeForms(700, 1000))
  const after = formsConfigMaps({ ...makeForms(700, 1000), 'new.yaml': 'title: New' })
  const moved = before.filter(({ data }, n) => {
    const now = after[n]?.data ?? {}
    return Object.keys(data ?? {}).some((name) => !(name in now))
  })
  expect(moved).toEqual([])
})

test('forms that do not fit 16 maps are refused with their size', () => {
  expect(() => formsConfigMaps(makeForms(20, 900_000))).toThrow(
    /^Expected forms that fit 16 ConfigMaps, found 36000\d{3} bytes$/,
  )
})

test('each form has a checked copy, as base64', () => {
  const forms = { 'a.yaml': 'title: \u0905\n', 'b.yaml': 'title: B\n' }
  const [map] = formsConfigMaps(forms)
  const copies = Object.entries(map?.binaryData ?? {}).map(([name, text]) => [
    name,
    Buffer.from(text, 'base64').toString(),
  ])
  expect(Object.fromEntries(copies)).toEqual({
    'a.yaml.checked': forms['a.yaml'],
    'b.yaml.checked': forms['b.yaml'],
  })
})

test('all problems of all forms are reported together', async () => {
  await inFolder(async (folder) => {
    const wrong = 'title: A\nfields:\n  a: { type: nothing }\n  b: { type: text, max: ten }\n'
    for (const name of ['a', 'b']) await writeFile(join(folder, `${name}.yaml`), wrong)
    const error = await readForms(folder, []).catch(({ message }) => message)
    const places = (error as string)
      .split('\n')
      .map((line) => /[ab].yaml:\d: [\w.]+/.exec(line)?.[0])
    expect(places).toEqual([
      'a.yaml:3: fields.a.type',
      'a.yaml:4: fields.b.max',
      'b.yaml:3: fields.a.type',
      'b.yaml:4: fields.b.max',
    ])
  })
})
