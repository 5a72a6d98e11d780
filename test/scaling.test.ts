// The figures in docs/scaling.md agree with the code and the measurements.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { type Spread, show } from '../bench/parts/spread.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../knative/generate/function-facts.ts'
import { command } from './command.ts'
import { resourcesOf } from './manifest-schemas.ts'
import { propertiesOf } from './properties.ts'

const text = readFileSync('docs/scaling.md', 'utf8')

/** Rows of the table in a section, without its header. */
function rowsOf(section: string): string[][] {
  const part = text.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? ''
  const rows = part.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

test('the table has the scale settings of each function', async () => {
  const tasks = await findClusterTasks()
  const facts = [endpointFacts(), deadLetterFacts(), ...tasks.map(taskFacts)]
  const expected = Object.fromEntries(
    facts.map(({ name, scale }) => [
      name,
      [scale.min, scale.max, scale.concurrency, scale.target].map(String),
    ]),
  )
  const documented = rowsOf('The numbers of each function').flatMap(([names = '', ...numbers]) =>
    names.split(', ').map((name) => [name, numbers] as const),
  )
  expect(Object.fromEntries(documented)).toEqual(expected)
})

test('the table has the settings of knative/kafka-sink that differ from the shipped ones', () => {
  const [configMap] = resourcesOf('knative/kafka-sink/producer.yaml')
  const text = configMap?.data?.['config-kafka-sink-producer.properties'] ?? ''
  const [changed = ''] = text.replace('# Changed\n', '').split('#')
  const documented = rowsOf("KafkaSink's producer").filter(([name]) => name?.startsWith('`'))
  expect(
    Object.fromEntries(
      documented.map(([name, _shipped, here]) => [name?.replaceAll('`', ''), here]),
    ),
  ).toEqual(propertiesOf(changed))
})

test('the example has the output of npm run size', async () => {
  const args = /npm run size -- (.*--peak-hours.*)/.exec(text)?.[1] as string
  const printed = await command('.', 'scripts/size.ts', ...args.split(' '))
  const lines = printed.split('\n').map((line) => line.split(/ {2,}/))
  const calculated = new Map(lines.map(([name = '', amount]) => [name, amount]))
  const documented = rowsOf('An example').map(([name = '', amount]) => [name, amount] as const)
  expect(documented.length).toBeGreaterThan(0)
  expect(documented).toEqual(documented.map(([name]) => [name, calculated.get(name)]))
})

interface Case extends Record<'consumers' | 'replicas' | 'predicted', number> {
  perSecond: Spread
  ratio: Spread
}

test('the measurement has the figures of bench/results/scaling.json', () => {
  const { cases } = JSON.parse(readFileSync('bench/results/scaling.json', 'utf8'))
  const expected = (cases as Case[]).map(({ consumers, replicas, predicted, perSecond, ratio }) => [
    String(consumers),
    String(replicas),
    `${predicted}/s`,
    show(perSecond, '/s'),
    String(ratio.median),
  ])
  expect(rowsOf('Prediction and measurement')).toEqual(expected)
})
