// Parsing all answers of a submission: order, unknown names, hostile input.
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from '@jest/globals'
import { getCountries, getExampleNumber } from 'libphonenumber-js'
import examples from 'libphonenumber-js/mobile/examples'
import { compileForm } from './compile/compile-form.ts'
import { findFieldTypes } from './find-field-types.ts'
import { formOf } from './form.fixture.ts'

const text = readFileSync(new URL('../../../forms/student-data.yaml', import.meta.url), 'utf8')
const compiled = compileForm(
  { name: 'forms/student-data.yaml', text },
  { types: await findFieldTypes(), knownTasks: {}, others: 'unchecked' },
)
if (!compiled.ok) throw new Error('Expected a form')
const student = compiled.form

const sample = {
  name: 'Saurabh raj',
  roll: '99999',
  university: 'BCE',
  cgpa: '8.04',
  gender: 'F',
  age: '10.11',
  email: 'saurabh@example.com',
  mobile: '7004465984',
}
const kept = { ...sample, cgpa: 8.04, age: 10.11, mobile: '+917004465984' }

test('answers are kept as values, in the order of the form', () => {
  const result = student.parse(Object.fromEntries(Object.entries(sample).reverse()))
  expect(result).toEqual({ ok: true, answers: kept })
  expect(JSON.stringify(result)).toBe(JSON.stringify({ ok: true, answers: kept }))
})

test('names that begin with _ are ignored', () => {
  expect(student.parse({ ...sample, _key: 'k', _csrf: {} })).toEqual({ ok: true, answers: kept })
})

test('each wrong field gets its own message, without the answer', () => {
  const result = student.parse({
    ...sample,
    cgpa: 'secret',
    age: 'secret',
    colour: 'secret',
    name: '',
  })
  expect(result).toEqual({
    ok: false,
    errors: {
      cgpa: 'Expected a number from 0 to 10, found text',
      age: 'Expected a number from 1 to 150, found text',
      colour: 'Unknown field',
      name: 'Is required',
    },
  })
})

test.each([
  [null, 'nothing'],
  [undefined, 'nothing'],
  ['text', 'text'],
  [7, 'a number'],
  [[sample], 'a list'],
])('%j in place of an object of answers is refused', (sent, found) => {
  const _form = `Expected an object of answers, found ${found}`
  expect(student.parse(sent)).toEqual({ ok: false, errors: { _form } })
})

test('names that every JavaScript object has are treated like other names', () => {
  const hostile = JSON.parse(
    '{"__proto__":{"name":"x"},"constructor":1,"toString":"x","hasOwnProperty":2}',
  )
  const result = student.parse({ ...sample, ...hostile })
  const unknown = 'Unknown field'
  expect(result).toEqual({
    ok: false,
    errors: { constructor: unknown, toString: unknown, hasOwnProperty: unknown },
  })
  const inherited = student.parse(JSON.parse('{"__proto__":{"name":"Ann"}}'))
  expect(inherited).toMatchObject({ ok: false, errors: { name: 'Is required' } })
})

test('thousands of unknown names get a short answer', () => {
  const flood = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [`n${i}`.padEnd(999, 'x'), 1]),
  )
  const result = student.parse(flood)
  expect(JSON.stringify(result).length).toBeLessThan(3_000)
})

test('a mobile number of every region is kept as E.164, and parsing it again changes nothing', () => {
  for (const region of getCountries()) {
    const example = getExampleNumber(region, examples)
    if (!example) continue
    const form = formOf({ a: `{ type: phone, region: ${region}, kind: mobile }` })
    const once = form.parse({ a: example.formatNational() })
    expect([region, once]).toEqual([region, { ok: true, answers: { a: example.number } }])
    expect([region, form.parse({ a: example.number })]).toEqual([region, once])
  }
})

const everything = formOf({
  text: '{ type: text }',
  pattern: "{ type: text, pattern: '\\w*é?', required: false }",
  multiline: '{ type: multiline, required: false }',
  number: '{ type: number, required: false }',
  integer: '{ type: integer, required: false }',
  choice: '{ type: choice, options: [a, 1], required: false }',
  many: '{ type: multi-choice, options: [a, 1], required: false }',
  boolean: '{ type: boolean, required: false }',
  date: '{ type: date, required: false }',
  email: '{ type: email, required: false }',
  phone: '{ type: phone, region: AR, required: false }',
  url: '{ type: url, required: false }',
})

test('parsing accepted answers again changes nothing', () => {
  const random = randomOf(42)
  let accepted = 0
  for (let round = 0; round < 20_000; round++) {
    const result = everything.parse(answersOf(random))
    if (!result.ok) continue
    accepted += 1
    const again = everything.parse(JSON.parse(JSON.stringify(result.answers)))
    // Jest's own comparison of each would take longer than all the rest.
    if (!isDeepStrictEqual(again, result)) expect(again).toEqual(result)
  }
  expect(accepted).toBeGreaterThan(500)
})

const values: unknown[] = [
  ...[null, true, 0, -0, 1.5, 1e21, 1e-7, 2 ** 53, '', ' ', 'a', '1', 'on', '0x10', '-0', ' 1.50 '],
  ...[[], ['a'], ['a', 1], [[]], {}, { a: 1 }, JSON.parse('{"__proto__":1}'), [null]],
  ...['2024-02-29', ' A@B.Cd ', '11 15 2345-6789', '+54 9 11 2345 6789', 'HTTP://Ä.de/ü?%20#é'],
  ...[
    'e\u0007\u0301',
    'q\u0323\u0307',
    '\ud83d\u0000\ude00',
    '\u0958\u0344'.repeat(40),
    '\u2028a\u0085b',
  ],
  ...['\u1100\u0301\u1161', 'a\r\n\tb\v', '\ufeff\u200bx\u00a0', `a${'\u0344'.repeat(31)}\u0327`],
]
const pieces = [
  'a',
  ' ',
  '\u0301',
  '\u0327',
  '\u0344',
  '\u0000',
  '\n',
  '\r',
  '\ud83d',
  '\ude00',
  '\u212b',
]

function answersOf(random: (below: number) => number): object {
  const one = () => {
    if (random(3) > 0) return values[random(values.length)]
    return Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join('')
  }
  const names = Object.keys(everything.fields).filter(() => random(4) === 0)
  return Object.fromEntries([['text', one()], ...names.map((name) => [name, one()])])
}

/** A linear congruential generator: the same numbers in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
