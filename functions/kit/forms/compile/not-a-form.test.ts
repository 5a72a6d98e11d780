// A file that is no form, such as a link to a secret: messages never quote it.
import { expect, test } from '@jest/globals'
import { problemsIn } from '../form.fixture.ts'

const ofKeys =
  'expected a mapping of title, path, page, origins, protect, receipt, fields, tasks, tests, found none of them'

const files: [what: string, text: string, problem: string][] = [
  ['a word', 'S3CRET\n', 'expected a mapping, found text'],
  ['settings', 'TOKEN=S3CRET\nOTHER=S3CRET\n', 'expected a mapping, found text'],
  ['a number', '53271\n', 'expected a mapping, found a number'],
  ['a truth', 'true\n', 'expected a mapping, found true or false'],
  ['a list', '- S3CRET\n', 'expected a mapping, found a list'],
  [
    'a private key',
    '-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----\n',
    'expected a mapping, found text',
  ],
  ['passwords', 'root:$y$S3CRET:19000:0:99999:7:::\nbin:*S3CRET:19000::::::\n', ofKeys],
  ['other keys', 'S3CRET: a\ntoken: S3CRET\n', ofKeys],
  ['JSON', '{ "private_key": "S3CRET", "S3CRET": 1 }', ofKeys],
  ['an empty mapping', '{}', ofKeys],
  ['a key twice', 'S3CRET: a\nS3CRET: b\n', 'expected each key once, found: one of them twice'],
  ['a tag', '!S3CRET a\n', 'expected valid YAML, found: tag resolve failed'],
  ['an alias', '*S3CRET\n', 'expected valid YAML, found: Unresolved alias'],
  ['a directive', '%S3CRET a\n--- a\n', 'expected valid YAML, found: bad directive'],
  ['too much text', '"a" "S3CRET"\n', 'expected valid YAML, found: unexpected token'],
  ['a wrong end', '- a\n]S3CRET\n', 'expected valid YAML, found: unexpected token'],
  ['a reserved mark', '@S3CRET\n', 'expected valid YAML, found: bad scalar start'],
  ['a wrong escape', '"\\S3CRET"\n', 'expected valid YAML, found: bad dq escape'],
]

test.each(files)(
  'a file of %s is refused with its kind, and nothing of it is quoted',
  (_, text, problem) => {
    const problems = problemsIn(text)
    expect(problems[0]?.replace(/^forms\/a.yaml:\d+: /, '')).toContain(problem)
    expect(problems.join('\n')).not.toMatch(/S3|CRET|53271|private_key|TOKEN|token: /)
  },
)

test('a file with at least one key of a form is quoted in messages', () => {
  expect(problemsIn('title: A\nfeilds: 1\n')).toEqual([
    'forms/a.yaml:2: feilds: expected one of title, path, page, origins, protect, receipt, fields, tasks, tests, found "feilds"',
    'forms/a.yaml:1: fields: expected a mapping, found nothing',
  ])
})
