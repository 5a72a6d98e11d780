// Forms become ConfigMaps that Kubernetes takes, and keep their place among them.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'
import { formsConfigMaps, readForms } from './forms-config-maps.ts'

const forms = (count: number, bytes: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`form-${n}.yaml`, 'x'.repeat(bytes)]))

const used = (given: Record<string, string>): number =>
  formsConfigMaps(given).filter(({ data }) => Object.keys(data ?? {}).length > 0).length

test('as long as they fit they lie in the first map, and the others are there, empty', () => {
  const maps = formsConfigMaps(forms(100, 1000))
  expect(maps.map(({ metadata }) => metadata.name)).toEqual(
    Array.from({ length: 16 }, (_, n) => `forms-${n}`),
  )
  expect(Object.keys(maps[0]?.data ?? {})).toHaveLength(100)
  expect(used(forms(100, 1000))).toBe(1)
})

test('more of them are spread, each in one map, none above what Kubernetes takes', () => {
  const given = forms(5000, 1000)
  const maps = formsConfigMaps(given).map(({ data }) => data ?? {})
  expect(used(given)).toBe(16)
  expect(Object.assign({}, ...maps)).toEqual(given)
  expect(maps.flatMap((data) => Object.keys(data))).toHaveLength(5000)
  for (const data of maps) expect(2 * JSON.stringify(data).length).toBeLessThan(2 ** 20)
})

test('a new form moves no other', () => {
  const before = formsConfigMaps(forms(700, 1000))
  const after = formsConfigMaps({ ...forms(700, 1000), 'new.yaml': 'title: New' })
  const moved = before.filter(({ data }, n) => {
    const now = after[n]?.data ?? {}
    return Object.keys(data ?? {}).some((name) => !(name in now))
  })
  expect(moved).toEqual([])
})

test('too many are refused with their size', () => {
  expect(() => formsConfigMaps(forms(20, 900_000))).toThrow(
    /^Expected forms that fit 16 ConfigMaps, found 36000\d{3} bytes$/,
  )
})

test('beside each form lies its checked copy, out of reach of who edits the form', () => {
  const given = { 'a.yaml': 'title: \u0905\n', 'b.yaml': 'title: B\n' }
  const [map] = formsConfigMaps(given)
  const copies = Object.entries(map?.binaryData ?? {}).map(([name, text]) => [
    name,
    Buffer.from(text, 'base64').toString(),
  ])
  expect(Object.fromEntries(copies)).toEqual({
    'a.yaml.checked': given['a.yaml'],
    'b.yaml.checked': given['b.yaml'],
  })
})

test('all that is wrong in any form is said at once', async () => {
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
