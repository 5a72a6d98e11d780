// docs/performance.md has the measurements of bench/results/, and these are summarised as it says.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { fillPage, readResults } from '../bench/parts/page.ts'
import { figure, type Goal, summarise, verdict } from '../bench/parts/result.ts'

const text = readFileSync('docs/performance.md', 'utf8')

test('the tables are those that npm run bench -- page writes', async () => {
  expect(fillPage(text, await readResults())).toBe(text)
})

test('every result has a place', async () => {
  const names = Object.keys(await readResults())
  expect(names.filter((name) => !text.includes(`<!-- measured: ${name} -->`))).toEqual([])
})

const rounds = {
  endpoint: [{ figures: { perSecond: 90 }, cpu: { endpoint: 10, 'broker 1': 1, 'broker 2': 2 } }],
  'before: endpoint': [{ figures: { perSecond: 60 } }],
}
const wanted = {
  what: 'per second',
  of: 'endpoint',
  number: figure('perSecond'),
  atLeast: 100,
  before: '50',
}

test('a goal has the measurement of the other checkout beside its own, and by how much it is missed', () => {
  const [goal] = summarise('submission', rounds, [wanted]).goals
  expect(goal).toMatchObject({ measured: { median: 90 }, other: { median: 60 } })
  expect(verdict(goal as Goal)).toBe('missed by 10%')
})

test('the CPU time of brokers is added up', () => {
  const { cases } = summarise('submission', rounds, [])
  expect(cases.endpoint?.cpu).toMatchObject({ endpoint: { median: 10 }, brokers: { median: 3 } })
})
