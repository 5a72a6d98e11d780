import { expect, test } from '@jest/globals'
import { compile } from '#kit/forms/form.fixture.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { runTests } from './run-tests.ts'

const fields = `title: A form
fields:
  roll: { type: text, pattern: '[0-9]{1,10}', message: Expected 1 to 10 digits }
  age: { type: integer, min: 1, max: 150 }
  years: { type: multi-choice, options: [2025, 2026], required: false }
  terms: { type: boolean, required: false }
  mobile: { type: phone, region: IN, required: false }
`

function run(tests: string): { passed: number; problems: string[] } {
  const compiled = compile(fields + tests)
  if (!compiled.ok) throw new Error(compiled.problems.map(problemText).join('\n'))
  const { passed, problems } = runTests('forms/a.yaml', compiled.form)
  return { passed, problems: problems.map(problemText) }
}

test('a form without tests has none', () => {
  expect(run('')).toEqual({ passed: 0, problems: [] })
})

test('answers are accepted with the values that tasks get, and plain words count as they are written', () => {
  const tests = `tests:
  - answers: { roll: 0042, age: 21, years: [2025], terms: true, mobile: 98765 43210 }
    accepted: { roll: 0042, age: 21, years: [2025], terms: true, mobile: '+919876543210' }
  - answers: { roll: 1, age: 21 }
    accepted: { roll: '1', mobile: null }
  - answers: { roll: 1, age: 21 }
    accepted:
`
  expect(run(tests)).toEqual({ passed: 3, problems: [] })
})

test('answers are refused in exactly the named fields, with the named words', () => {
  const tests = `tests:
  - answers: { roll: 42B, age: 21 }
    refused: [roll]
  - answers: { roll: 42B, age: 0, city: Delhi }
    refused: { roll: 1 to 10 digits, age: , city: Unknown }
`
  expect(run(tests)).toEqual({ passed: 2, problems: [] })
})

const failures: [what: string, test: string, problems: string[]][] = [
  [
    'an answer that is refused',
    'answers: { roll: 42B, age: 21 }\n    accepted:',
    [
      '9: tests.0.answers.roll: expected an accepted answer, found it refused: Expected 1 to 10 digits',
    ],
  ],
  [
    'another value',
    'answers: { roll: 42, age: 21 }\n    accepted: { roll: 042, age: 22, mobile: x }',
    [
      '10: tests.0.accepted.roll: expected 42, found "42"',
      '10: tests.0.accepted.age: expected 22, found 21',
      '10: tests.0.accepted.mobile: expected "x", found nothing',
    ],
  ],
  [
    'a value where none was expected',
    'answers: { roll: 42, age: 21 }\n    accepted: { age: }',
    ['10: tests.0.accepted.age: expected nothing, found 21'],
  ],
  [
    'a field that the form does not have',
    'answers: { roll: 42, age: 21 }\n    accepted: { name: Ann }',
    [
      '10: tests.0.accepted.name: expected a field of the form (roll, age, years, terms, mobile), found "name"',
    ],
  ],
  [
    'a field that is not refused',
    'answers: { roll: 42, age: 21 }\n    refused: [roll]',
    ['10: tests.0.refused.0: expected roll to be refused, found it accepted'],
  ],
  [
    'a field that is refused too',
    'answers: { roll: 42B }\n    refused: [roll]',
    ['9: tests.0.answers.age: expected age to be accepted, found it refused: Is required'],
  ],
  [
    'another message',
    'answers: { roll: 42B, age: 21 }\n    refused: { roll: letters }',
    [
      '10: tests.0.refused.roll: expected a message with "letters", found "Expected 1 to 10 digits"',
    ],
  ],
  [
    'the name of the test',
    'answers: { roll: 42, age: 21 }\n    refused: [roll]\n    name: Letters',
    ['10: tests.0.refused.0: expected roll to be refused, found it accepted (test "Letters")'],
  ],
  [
    'a test that expects nothing',
    'answers: {}',
    ['9: tests.0: expected either accepted or refused, one of the two, found an object'],
  ],
  [
    'a test that expects both',
    'answers: {}\n    accepted:\n    refused: [roll]',
    ['9: tests.0: expected either accepted or refused, one of the two, found an object'],
  ],
  [
    'an unknown key',
    'answers: {}\n    refuse: [roll]\n    accepted:',
    ['10: tests.0.refuse: expected one of name, answers, accepted, refused, found "refuse"'],
  ],
]

test.each(failures)('reports %s with the line', (_what, test, problems) => {
  expect(run(`tests:\n  - ${test}\n`)).toEqual({
    passed: 0,
    problems: problems.map((problem) => `forms/a.yaml:${problem}`),
  })
})

test('one test that fails does not hide those that pass', () => {
  const tests = `tests:
  - answers: { roll: 42B, age: 21 }
    accepted:
  - answers: { roll: 42, age: 21 }
    accepted:
`
  const { passed, problems } = run(tests)
  expect([passed, problems.length]).toEqual([1, 1])
})

test('a form with wrong tests is served: they are read by the check alone, and no page or schema shows them', () => {
  const [without, wrong] = ['', 'tests: nothing but text\n'].map((tests) => compile(fields + tests))
  if (!without?.ok || !wrong?.ok) throw new Error('Expected both to compile')
  const { version: _, text: __, ...same } = without.form
  expect(JSON.parse(JSON.stringify(wrong.form))).toMatchObject(JSON.parse(JSON.stringify(same)))
  expect(wrong.form).not.toHaveProperty('tests')
})
