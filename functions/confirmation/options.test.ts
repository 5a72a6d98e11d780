// What a form's file may say about its mails.
import { expect, test } from '@jest/globals'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { compile, problemsIn, yamlOf } from '#kit/forms/form.fixture.ts'
import { problemText } from '#kit/forms/form-problems.ts'

const rules = { knownTasks: knownTasks(await findTasks()) }

const fields = yamlOf({
  name: '{ type: text }',
  about: '{ type: multiline }',
  home: '{ type: url }',
  size: '{ type: choice, options: [S, M] }',
  born: '{ type: date }',
  email: '{ type: email }',
})

const yaml = (options: string, more = '') =>
  `${fields}${more}tasks:\n  confirmation:\n${options.replaceAll(/^(?=.)/gm, '    ')}\n`
const problems = (options: string) => problemsIn(yaml(options), rules)

const mail = 'to: email\nsubject: Thanks\ntext: Hello\n'

test.each([
  mail,
  'owners: [office@example.org]',
  `${mail}owners: [a@example.org, b@example.org]\nreplyTo: a@example.org\nunsubscribe: https://example.org/u\n`,
  `${mail}html: <p>{{ size }}, {{ born }}, {{ email }}</p>\n`,
  `${mail}html: <p>\nlanguages: { hi: { subject: a, text: b, html: c } }\n`,
  'to: email\nsubject: "{{ name }}"\ntext: "{{ about }} {{ home }}"\necho: true\n',
])('a form may have the mail\n%s', (options) => {
  expect(problems(options)).toEqual([])
})

test.each([
  ['{}', 'tasks.confirmation: expected to, owners or both, found an object'],
  [
    'to: email\nsubject: a',
    'tasks.confirmation.text: expected a template for the mail to the person, found nothing',
  ],
  ['to: email\ntext: a', 'tasks.confirmation.subject: expected a template for the mail'],
  ['owners: [a@b.org]\ntext: a', 'tasks.confirmation.to: expected the e-mail field'],
  ['owners: []', 'tasks.confirmation.owners: expected at least 1 entries'],
  [
    'owners: [Office <a@example.org>]',
    'tasks.confirmation.owners.0: expected an address such as office@example.org, without a name',
  ],
  [
    `${mail}replyTo: "a@example.org\\r\\nBcc: b@example.org"`,
    'tasks.confirmation.replyTo: expected an address',
  ],
  [`${mail}unsubscribe: "https://a/>, <x"`, 'tasks.confirmation.unsubscribe: expected a URL'],
  [
    'to: name\nsubject: a\ntext: b',
    'tasks.confirmation.to: expected a field of type email for the task confirmation, found one of type text',
  ],
  ['to: mail\nsubject: a\ntext: b', 'found no field "mail"'],
  [
    `${mail}html: a\nlanguages: { hi: { subject: a, text: b } }`,
    'tasks.confirmation.languages.hi.html: expected a template, as the mail has HTML',
  ],
  [
    `${mail}languages: { hi: { subject: a, text: b, html: c } }`,
    'tasks.confirmation.languages.hi.html: expected no HTML',
  ],
  [
    `${mail}languages: { Hindi: { subject: a, text: b } }`,
    'a language tag such as en, hi or pt-BR',
  ],
  [`${mail}cc: a@example.org`, 'expected one of to, subject, text'],
])('%j is refused', (options, message) => {
  expect(problems(options)).toEqual([expect.stringContaining(message)])
})

test.each([
  ['to: email\nsubject: "{{ name }}"\ntext: a', 12, 'subject', 'the text field "name"'],
  [
    'to: email\nsubject: a\ntext: |\n  Hello\n  {{ about }}',
    15,
    'text',
    'the multiline field "about"',
  ],
  [
    'to: email\nsubject: a\ntext: a\nhtml: <a href="{{ home }}">x</a>',
    14,
    'html',
    'the url field "home"',
  ],
  [
    `${mail}languages: { hi: { subject: a, text: "{% if name == 'x' %}{% endif %}" } }`,
    14,
    'languages.hi.text',
    'the text field "name"',
  ],
])('free text is not repeated to the person: %j', (options, line, path, found) => {
  expect(problems(options)).toEqual([
    `forms/a.yaml:${line}: tasks.confirmation.${path}: expected no answer in free text without echo: true for the task confirmation, found ${found}`,
  ])
})

test('an unknown field is reported with its line', () => {
  expect(problems('to: email\nsubject: a\ntext: |\n  Hello\n\n  {{ nme }}')).toEqual([
    expect.stringMatching(/^forms\/a\.yaml:16: tasks\.confirmation\.text: .*, found "nme"$/),
  ])
})

test.each([
  ['', 1],
  ['protect: { opens: 2026-01-01T00:00:00Z, perForm: 100 per hour, limit: 10 }\n', 1],
  ['protect: { trap: true }\n', 0],
  ['protect: { minSeconds: 3 }\n', 0],
  ['protect: { perEmail: 3 per day }\n', 0],
  ['protect: { perAddress: 30 per minute }\n', 0],
  ['protect: { keys: [partner] }\n', 0],
])('a form that mails any address and has %j has %i warnings', (protect, count) => {
  const compiled = compile(yaml(mail, protect), rules)
  if (!compiled.ok) throw new Error(compiled.problems.map(problemText).join('\n'))
  const line = protect ? 11 : 10
  expect(compiled.form.warnings.map(problemText)).toEqual(
    Array(count).fill(
      `forms/a.yaml:${line}: tasks.confirmation: warning: expected captcha, keys, trap, minSeconds, perAddress or perEmail under protect, as the form sends mails to any address, found none`,
    ),
  )
})

test('a form that mails its owners only has no warning', () => {
  const compiled = compile(yaml('owners: [a@example.org]'), rules)
  expect(compiled.ok && compiled.form.warnings).toEqual([])
})
