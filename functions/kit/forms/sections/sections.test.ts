// Parts of a form's file besides fields and tasks: defaults, what is taken, and what is refused with its place.
import { describe, expect, test } from '@jest/globals'
import { compile, problemsIn } from '../form.fixture.ts'

const fields = `
title: A form
fields:
  name: { type: text }
  size: { type: choice, options: [S, M] }
`

const formWith = (sections: string) => {
  const compiled = compile(fields + sections)
  if (compiled.ok) return compiled.form
  throw new Error(JSON.stringify(compiled.problems))
}

test('a form without them has a page in English, and no other origin and no limit', () => {
  const { page, origins, protect, receipt } = formWith('')
  expect(page).toEqual({ language: 'en', texts: {} })
  expect(origins).toEqual([])
  expect(protect).toEqual({ trap: false, minSeconds: 0 })
  expect(receipt).toEqual({ answers: false })
})

test('texts of other languages are kept by language', () => {
  const { page } = formWith(
    'page: { texts: { hi: { submit: भेजें, fields: { name: { label: नाम }, size: { options: { S: छोटा } } } } } }',
  )
  expect(page.texts.hi).toEqual({
    submit: 'भेजें',
    fields: { name: { label: 'नाम' }, size: { options: { S: 'छोटा' } } },
  })
})

test('rates and times become milliseconds', () => {
  const { protect } = formWith(
    'protect: { perAddress: 30 per minute, perForm: 5 per day, opens: 2026-12-01T09:00:00+05:30 }',
  )
  expect(protect.perAddress).toEqual({ max: 30, per: 60_000 })
  expect(protect.perForm).toEqual({ max: 5, per: 86_400_000 })
  expect(protect.opens).toEqual({ at: Date.parse('2026-12-01T03:30:00Z'), zone: '+05:30' })
})

test.each([...['/', '/thanks', '/a/b?c=d#e', 'https://example.org', 'https://example.org/a?b']])(
  'a page may lead to %s',
  (redirect) => {
    expect(formWith(`page: { redirect: '${redirect}' }`).page.redirect).toBe(redirect)
  },
)

test.each([
  ...['//evil.example', '/\\evil.example', 'http://example.org', 'javascript:alert(1)', 'thanks'],
  ...['https://user@example.org', 'https:\\\\example.org', 'https://', 'data:text/html,a', ''],
])('a page cannot lead to "%s"', (redirect) => {
  expect(problemsIn(`${fields}page: { redirect: '${redirect}' }`)).toHaveLength(1)
})

test.each(['https://example.org', 'http://localhost:3000', '*'])(
  'an origin can be %s',
  (origin) => {
    expect(formWith(`origins: ['${origin}']`).origins).toEqual([origin])
  },
)

test.each([
  ...['example.org', 'https://example.org/', 'https://Example.org', 'https://example.org:443'],
  ...['null', 'file:///a', 'https://example.org/a'],
])('an origin cannot be %s', (origin) => {
  expect(problemsIn(`${fields}origins: ['${origin}']`)).toEqual([
    expect.stringContaining('origins.0: expected an origin such as https://example.org'),
  ])
})

describe('problems have a place', () => {
  test.each([
    ['page: { submit: "" }', ':6: page.submit: expected at least 1 characters'],
    [
      'page: { texts: { english: {} } }',
      'page.texts.english: expected a language tag such as en, hi or pt-BR, found "english"',
    ],
    [
      'page: { texts: { hi: { fields: { nme: {} } } } }',
      'expected only fields of this form (name, size)',
    ],
    [
      'page: { texts: { hi: { fields: { size: { options: { L: x } } } } } }',
      'expected one of S, M',
    ],
    ['page: { texts: { hi: { fields: { name: { options: { L: x } } } } } }', 'expected no options'],
    ['protect: { perAddress: 30 }', 'protect.perAddress: expected a rate such as 30 per minute'],
    ['protect: { perAddress: 0 per minute }', 'protect.perAddress: expected a rate'],
    [
      'protect: { perEmail: 3 per day }',
      'protect.perEmail: expected a field of the type email, found none',
    ],
    ['protect: { opens: tomorrow }', 'protect.opens: expected a time with an offset'],
    [
      'protect: { opens: 2026-12-02T00:00:00Z, closes: 2026-12-01T00:00:00Z }',
      'protect.opens: expected a time before closes (2026-12-01T00:00:00.000Z)',
    ],
    [
      'protect: { captcha: { provider: other, siteKey: a } }',
      'protect.captcha.provider: expected one of',
    ],
    ['protect: { keys: [A B] }', 'protect.keys.0: expected a name of lower case letters'],
    ['receipt: { answer: true }', 'receipt.answer: expected one of answers'],
    ['path: /submissions/a/', 'path: expected a path that is not reserved'],
  ])('%s', (section, problem) => {
    expect(problemsIn(fields + section)).toEqual([expect.stringContaining(problem)])
  })
})
