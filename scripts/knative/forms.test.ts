// Forms become ConfigMaps that Kubernetes takes, and keep their place among them.
import { expect, test } from '@jest/globals'
import { formsConfigMaps } from './forms.ts'

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
  expect(used(given)).toBe(8)
  expect(Object.assign({}, ...maps)).toEqual(given)
  expect(maps.flatMap((data) => Object.keys(data))).toHaveLength(5000)
  for (const data of maps) expect(JSON.stringify(data).length).toBeLessThan(2 ** 20)
})

test('a new form moves no other', () => {
  const before = formsConfigMaps(forms(2000, 1000))
  const after = formsConfigMaps({ ...forms(2000, 1000), 'new.yaml': 'title: New' })
  const moved = before.filter(({ data }, n) => {
    const now = after[n]?.data ?? {}
    return Object.keys(data ?? {}).some((name) => !(name in now))
  })
  expect(moved).toEqual([])
})

test('too many are refused with their size', () => {
  expect(() => formsConfigMaps(forms(20, 900_000))).toThrow(
    /^Expected forms that fit 16 ConfigMaps, found 18000\d{3} bytes$/,
  )
})
