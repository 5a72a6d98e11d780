// The examples of docs/webhooks.md load, and their templates give JSON.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { formOf, problemsIn, yamlOf } from '#kit/forms/form.fixture.ts'
import { scopeOf } from '#kit/templates/scope.ts'
import { checkForm, Options } from './options.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'webhooks.md'), 'utf8')
const examples = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text)

const fields = { name: '{ type: text }', comment: '{ type: multiline, required: false }' }
const hostile = '"}, "x": ["\\ {{ form.id }}\n\u202e <!channel> @everyone'

test('the page has an example with its targets, and one for each chat service', () => {
  expect(examples).toHaveLength(4)
})

test.each(examples)('this example loads:\n%s', (text) => {
  const rules = {
    options: Options,
    check: (options: unknown) =>
      checkForm(options as Options, Object.values(formOf(fields).fields)),
  }
  expect(problemsIn(yamlOf(fields) + text, { knownTasks: { webhook: rules } })).toEqual([])
  for (const { template } of Options.parse(parse(text).tasks.webhook)) {
    const answers = { name: hostile, comment: hostile }
    const form = { id: 'demo', title: 'Demo' }
    const body = template?.render(
      scopeOf({ form, id: 's-1', time: '2026-01-02T03:04:05Z', answers }),
    )
    expect(Object.keys(JSON.parse(body ?? '{}'))).not.toContain('x')
  }
})
