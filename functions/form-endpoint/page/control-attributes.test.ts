// Browsers apply the attributes of a control to what was typed. No answer that the form takes may be blocked by them.
import { expect, test } from '@jest/globals'
import { formOf } from '#kit/forms/form.fixture.ts'
import type { Form } from '#kit/forms/form.ts'
import { controlAttributes } from './control-attributes.ts'

const attributesOf = (field: string) => controlAttributes(formOf({ a: field }).fields.a!)

/** As browsers check a text: https://html.spec.whatwg.org/#the-pattern-attribute */
function takes(form: Form, typed: string): boolean {
  const { maxlength, pattern = '.*' } = controlAttributes(form.fields.a!)
  return typed.length <= Number(maxlength) && new RegExp(`^(?:${pattern})$`, 'v').test(typed)
}

const valid: [field: string, answers: string[]][] = [
  ['{ type: text, max: 3 }', ['abc', '👍👍👍', '각각각'.normalize('NFD'), '  abc  ']],
  ["{ type: text, max: 9, pattern: '[0-9]{1,3}' }", ['1', ' 12 ', '123\u00a0']],
  ["{ type: text, max: 9, pattern: 'é|[a-c&]+' }", ['e\u0301', 'a&c', '\u200a' + 'abc']],
  ["{ type: text, pattern: '\\p{Script=Devanagari}+' }", ['क\u093cनमस्ते'.normalize('NFD')]],
  ["{ type: text, pattern: 'a|b' }", ['a', 'b']],
  ['{ type: phone, region: IN }', ['+91 70044-65984', '\u202a+91 7004465984\u202c']],
]

test.each(valid)('%s', (field, answers) => {
  const form = formOf({ a: field })
  for (const answer of answers) {
    expect([answer, form.parse({ a: answer }).ok]).toEqual([answer, true])
    expect([answer, takes(form, answer)]).toEqual([answer, true])
  }
})

test('a pattern refuses other text', () => {
  const form = formOf({ a: "{ type: text, pattern: 'a|b' }" })
  expect(['c', 'ab', 'a b'].filter((text) => takes(form, text))).toEqual([])
})

test.each(['([a-z]+ ?)*', '([a-z]|[0-9])*x', '[a-z]*[a-z]*[a-z]*x'])(
  'a browser, which backtracks, does not get the pattern %s',
  (pattern) => {
    const { pattern: published } = attributesOf(`{ type: text, max: 200, pattern: '${pattern}' }`)
    expect(published).toBeUndefined()
  },
)

const attributes: [field: string, expected: object][] = [
  ['{ type: integer, min: 0 }', { inputmode: 'numeric', min: 0, required: true }],
  ['{ type: number, min: 0.5, required: false }', { inputmode: 'decimal', required: false }],
  ['{ type: date }', { max: '9999-12-31' }],
  ['{ type: boolean, mustBe: true }', { required: true }],
  ['{ type: boolean, mustBe: true, required: false }', { required: false }],
]

test.each(attributes)('%s has attributes', (field, expected) => {
  expect(attributesOf(field)).toMatchObject(expected)
})

test('the keyboard of a number that may be negative has a minus sign', () => {
  expect(attributesOf('{ type: integer }')).not.toHaveProperty('inputmode')
})

test.each([
  ['name', 'name'],
  ['first_name', 'given-name'],
  ['Email', 'email'],
  ['password', 'off'],
])('the field %s is filled in as %s', (name, token) => {
  const { fields } = formOf({ [name]: '{ type: text }' })
  expect(controlAttributes(fields[name]!).autocomplete).toBe(token)
})
