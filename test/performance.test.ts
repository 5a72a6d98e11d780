// docs/performance.md has the measurements of bench/results/.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { fillPage, readResults } from '../bench/parts/page.ts'

const text = readFileSync('docs/performance.md', 'utf8')

test('the tables are those that npm run bench -- page writes', async () => {
  expect(fillPage(text, await readResults())).toBe(text)
})

test('every result has a place', async () => {
  const names = Object.keys(await readResults())
  expect(names.filter((name) => !text.includes(`<!-- measured: ${name} -->`))).toEqual([])
})
