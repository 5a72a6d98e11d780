import { expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { problemsIn, yamlOf } from '#kit/forms/form.fixture.ts'
import type { TaskRules } from '#kit/forms/task-rules.ts'
import { fillIn } from './address.ts'
import { checkForm, Options } from './options.ts'
import { keysOf, parseSecrets, type Secrets } from './secrets.ts'

const rules: TaskRules = {
  options: Options,
  check: (options, fields) => checkForm(options as Options, fields),
}

const problems = (webhook: string) =>
  problemsIn(`${yamlOf({ name: '{ type: text }' })}tasks:\n  webhook:\n${webhook}`, {
    knownTasks: { webhook: rules },
  })

const target = '{ url: "https://example.org/a", secret: crm }'

test('the name of a target is its host, unless the form gives one', () => {
  const [first, second] = Options.parse([
    { url: 'https://Example.org:8443/a', secret: 'crm' },
    { name: 'chat', url: 'https://example.org/{chat}', events: ['refused'] },
  ])
  expect(first).toMatchObject({ name: 'example.org', events: ['validated'] })
  expect(second).toMatchObject({ name: 'chat', events: ['refused'] })
})

test.each([
  ['{}', 'tasks.webhook'],
  ['[]', 'tasks.webhook'],
  ['[{ secret: crm }]', 'url'],
  ['[{ url: "https://example.org/" }]', 'secret'],
  ['[{ url: "https://example.org/", secret: "a b" }]', 'secret'],
  ['[{ url: "http://0.0.0.0/", secret: crm }]', 'url'],
  ['[{ url: "https://example.org/", secret: crm, retries: 3 }]', 'retries'],
  ['[{ url: "https://example.org/", secret: crm, events: [recorded] }]', 'events'],
  ['[{ url: "https://example.org/", secret: crm, events: [refused], template: "{}" }]', 'events'],
  [`[${target}, ${target}]`, 'expected another name than "example.org"'],
  ['[{ name: "a b", url: "https://example.org/", secret: crm }]', 'name'],
])('a form may not have the webhooks %s', (text, found) => {
  expect(problems(`    ${text}\n`).join('\n')).toContain(found)
})

test('a problem of a template has its line', () => {
  const template = '      template: |\n        {\n          "text": "{{ nam }}" }\n'
  expect(problems(`    - url: https://example.org/\n      secret: crm\n${template}`)).toEqual([
    expect.stringMatching(
      /^forms\/a\.yaml:10: tasks\.webhook\.0\.template: expected only the variables .*, found "nam"$/,
    ),
  ])
  expect(problems(`    - ${target}\n`)).toEqual([])
})

const key = `whsec_${Buffer.alloc(24, 1).toString('base64')}`

test('secrets have names; one name may have two keys', () => {
  expect(parseSecrets(`crm=${key}, chat=T0/B0/x=1,crm=${key}`)).toEqual(
    new Map([
      ['crm', [key, key]],
      ['chat', ['T0/B0/x=1']],
    ]),
  )
})

test.each([32, 31, 30])('a key of %d bytes is one with its padding, and without', (bytes) => {
  const padded = `whsec_${Buffer.alloc(bytes, 255).toString('base64')}`
  const bare = padded.replaceAll('=', '')
  const keys = keysOf(parseSecrets(`a=${padded},a=${bare}`) as Secrets, 'a')
  expect(keys).toEqual([padded, bare])
  const signatures = keys?.map((one) => new Webhook(one).sign('m', new Date(0), '{}'))
  expect(new Set(signatures).size).toBe(1)
  for (const wrong of [`${padded}=`, `${bare}===`])
    expect(parseSecrets(`a=${wrong}`)).toMatch(/^exp/)
})

test('an address never contains a key that signs', () => {
  const secrets = parseSecrets(`crm=${key},chat=${key},chat=T0/x`) as Secrets
  expect(() => fillIn('https://example.org/{crm}', secrets)).toThrow('"crm"')
  expect(fillIn('https://example.org/{chat}', secrets).pathname).toBe('/T0/x')
})

test.each(['', 'crm', 'crm=', '=x', 'a b=c', 'crm=whsec_', 'crm=whsec_c2hvcnQ=', 'crm=whsec_!'])(
  'secrets may not be %j, and the message does not contain a value',
  (text) => {
    const problem = parseSecrets(text)
    expect(problem).toMatch(/^expected/)
    expect(problem).not.toContain('c2hvcnQ')
  },
)
