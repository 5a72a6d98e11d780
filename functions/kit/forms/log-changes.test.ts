import { expect, test } from '@jest/globals'
import { pino } from 'pino'
import { formOf } from './form.fixture.ts'
import type { Form } from './form.ts'
import { changeLogger } from './log-changes.ts'

test('a form that is added, changed, mended or removed while a process runs is logged once', () => {
  const lines: string[] = []
  const logger = pino({}, { write: (line) => lines.push(line) })
  const served = new Map<string, Form>([['a', formOf({ x: '{ type: text }' })]])
  const forms = { all: () => [...served.values()], get: (id: string) => served.get(id) }
  const log = changeLogger(forms, logger)

  served.set('b', formOf({ y: '{ type: text }' }))
  log(['b'])
  log(['a'])
  served.set('a', formOf({ z: '{ type: text }' }))
  log(['a'])
  served.delete('b')
  log(['b'])

  const logged = lines.map((line) => JSON.parse(line))
  expect(logged.map(({ form, msg }) => [form, msg])).toEqual([
    ['b', 'serves the new form'],
    ['a', 'the file of the form is right again'],
    ['a', 'serves the changed form'],
    ['b', 'serves the form no more'],
  ])
})
