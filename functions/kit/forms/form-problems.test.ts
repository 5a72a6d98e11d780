import { expect, test } from '@jest/globals'
import { formNotes } from './form-problems.ts'

const problem = (file: string, path: string) => ({
  file: `/forms/${file}`,
  line: 3,
  path,
  message: 'expected this, found that',
})

test('without problems there is no note', () => {
  expect(formNotes([])).toEqual({})
})

test('each wrong file is named once, with the place of its first problem and none of its content', () => {
  const problems = [
    problem('a.yaml', 'fields.a'),
    problem('a.yaml', 'title'),
    problem('b.yaml', ''),
  ]
  expect(formNotes(problems)).toEqual({ forms: '2 wrong: a.yaml:3 fields.a, b.yaml:3' })
})

test('only the first of many wrong files are named', () => {
  const problems = ['a', 'b', 'c', 'd', 'e'].map((name) => problem(`${name}.yaml`, 'title'))
  expect(formNotes(problems).forms).toBe(
    '5 wrong: a.yaml:3 title, b.yaml:3 title, c.yaml:3 title, and 2 more',
  )
})
