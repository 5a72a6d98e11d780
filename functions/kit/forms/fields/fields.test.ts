// The values that each field type accepts, their normal forms, and the messages for others.
import { expect, test } from '@jest/globals'
import type { Value } from '../field-type.ts'
import { formOf } from '../form.fixture.ts'

/** One phone number as people paste it from contacts, mails and documents. */
const pasted = [
  '\u202a+91 70044 65984\u202c',
  '\u2066\u200e7004465984\u2069',
  '+91\u00a070044\u00a065984',
  '+91\u202f70044\u200765984',
  '70044\u201165984',
  '70044\u201365984',
  '70044\u221265984',
  '70044\u00ad65984',
  '70044\u200b65984\ufeff',
  '７００４４６５９８４',
  '＋９１（７００４４）６５９８４',
  '७००४४६५९८४',
  '+९१ ७००४४ ६५९८४',
  '৭০০৪৪৬৫৯৮৪',
  '٧٠٠٤٤٦٥٩٨٤',
  '۷۰۰۴۴۶۵۹۸۴',
  '𝟕𝟎𝟎𝟒𝟒𝟔𝟓𝟗𝟖𝟒',
]

/** Text without a visible character: ignorable characters, blank glyphs, marks with nothing to combine with. */
const invisible = [
  ...[
    '\u00ad',
    '\u034f',
    '\u061c',
    '\u115f',
    '\u1160',
    '\u17b4',
    '\u180e',
    '\u200b',
    '\u200c',
    '\u200d',
  ],
  ...[
    '\u200e',
    '\u202e',
    '\u2060',
    '\u2064',
    '\u206f',
    '\u2800',
    '\u3164',
    '\ufe0f',
    '\ufeff',
    '\uffa0',
  ],
  ...[
    '\ufff9',
    '\ufffc',
    '\uffff',
    '\u{16fe4}',
    '\u{1d159}',
    '\u{1bca0}',
    '\u{13441}',
    '\u{e0041}',
    '\u{e0100}',
  ],
  ...['\u0301', '\u093f', '\u20e3', ' \u200b\u2800 \u3164\n', '\u200b'.repeat(300)],
]

/** Visible text that contains joiners and selectors, which must stay. */
const joined = [
  'क्\u200dष',
  'نامه\u200cای',
  '👩\u200d💻',
  '❤\ufe0f',
  '1\ufe0f\u20e3',
  '葛\u{e0100}',
  'e\u200bx',
  '🏴\u{e0067}\u{e007f}',
]

const accepted: [field: string, sent: unknown, kept: Value | undefined][] = [
  ['{ type: text }', '  Zoë  ', 'Zoë'],
  ['{ type: text }', 'Zoe\u0308', 'Zoë'],
  ['{ type: text }', 'two\r\nlines\tand a \u0000bell\u0007', 'two lines and a bell'],
  ['{ type: text }', 'half \ud83d', 'half \ufffd'],
  ['{ type: text }', `a${'\u0301'.repeat(1000)}`, `á${'\u0301'.repeat(29)}`],
  ['{ type: text, max: 2 }', '😀😀', '😀😀'],
  ['{ type: text, max: 3 }', '  abc  ', 'abc'],
  ["{ type: text, pattern: '[0-9]{1,10}' }", '99999', '99999'],
  ["{ type: text, pattern: '[0-9]{1,10}' }", 99999, '99999'],
  ["{ type: text, pattern: '^a|b$' }", 'b', 'b'],
  ['{ type: text, required: false }', '', undefined],
  ['{ type: text, required: false }', ' \u0000\u2028 ', undefined],
  ['{ type: text, required: false }', undefined, undefined],
  ['{ type: multiline }', ' one\r\ntwo\rthree\u2028four\n\n', 'one\ntwo\nthree\nfour'],
  ['{ type: multiline }', 'tab\tand\u0000 \u001bescape', 'tab and escape'],
  ['{ type: number, min: 0, max: 10 }', '8.04', 8.04],
  ['{ type: number }', 10.11, 10.11],
  ['{ type: number }', ' -.5 ', -0.5],
  ['{ type: number }', '+7.', 7],
  ['{ type: number }', '-0', 0],
  ['{ type: number }', '1e3', 1000],
  ['{ type: number }', '-2.5E-3', -0.0025],
  ['{ type: number, required: false }', null, undefined],
  ['{ type: integer }', '1e5', 100_000],
  ['{ type: integer }', '007', 7],
  ['{ type: integer }', -3, -3],
  ['{ type: choice, options: [F, M, Other] }', ' F ', 'F'],
  ['{ type: choice, options: [2025, 2026] }', 2026, '2026'],
  ['{ type: multi-choice, options: [a, b] }', 'a', ['a']],
  ['{ type: multi-choice, options: [a, b] }', ['b', ' a'], ['b', 'a']],
  ['{ type: multi-choice, options: [a, b], required: false }', [], []],
  ['{ type: boolean }', 'on', true],
  ['{ type: boolean }', 'true', true],
  ['{ type: boolean }', 'false', false],
  ['{ type: boolean }', false, false],
  ['{ type: boolean, mustBe: true }', 'on', true],
  ['{ type: boolean, mustBe: true }', true, true],
  ['{ type: date }', ' 2024-02-29 ', '2024-02-29'],
  ['{ type: date, min: 1999-12-31, max: 2024-06-30 }', '1999-12-31', '1999-12-31'],
  ['{ type: date, min: 1999-12-31, max: 2024-06-30 }', '2024-06-30', '2024-06-30'],
  ['{ type: email }', ' Ann.Lee+x@Example.COM ', 'Ann.Lee+x@example.com'],
  ['{ type: email }', 'ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
  ['{ type: email }', 'ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
  ['{ type: email }', 'ann@डाक.भारत', 'ann@xn--11bx1g.xn--h2brj9c'],
  ['{ type: phone, region: IN }', '7004465984', '+917004465984'],
  ['{ type: phone, region: IN }', 7004465984, '+917004465984'],
  ['{ type: phone, region: IN }', '+1 (213) 373-4253', '+12133734253'],
  ['{ type: phone }', '+44 20 7946 0958', '+442079460958'],
  ['{ type: phone, region: IN }', '022 2778 2183', '+912227782183'],
  ['{ type: phone, region: IN, kind: mobile }', '7004465984', '+917004465984'],
  ['{ type: phone, region: US, kind: mobile }', '(213) 373-4253', '+12133734253'],
  ...pasted.map((sent): [string, string, string] => [
    '{ type: phone, region: IN, kind: mobile }',
    sent,
    '+917004465984',
  ]),
  ...joined.map((sent): [string, string, string] => ['{ type: text, min: 1 }', sent, sent]),
  ['{ type: text, min: 2 }', 'कि', 'कि'],
  ['{ type: multiline, min: 3 }', 'a\nb', 'a\nb'],
  ...invisible.map((sent): [string, string, undefined] => [
    '{ type: text, required: false, min: 1 }',
    sent,
    undefined,
  ]),
  ['{ type: url }', ' Https://Example.com ', 'https://example.com/'],
  ['{ type: url }', 'http://bücher.example/ä?q=1#x', 'http://xn--bcher-kva.example/%C3%A4?q=1#x'],
  [
    '{ type: url }',
    'https://a.b/c?filter[status]=open&d={e|f}',
    'https://a.b/c?filter%5Bstatus%5D=open&d=%7Be%7Cf%7D',
  ],
  ['{ type: url }', 'https://a.b?c[]=d', 'https://a.b/?c%5B%5D=d'],
  ['{ type: url }', 'https://a.b.:8080/', 'https://a.b.:8080/'],
]

test.each(accepted)('%s accepts %j', (field, sent, kept) => {
  const result = formOf({ a: field }).parse({ a: sent })
  expect(result).toEqual({ ok: true, answers: kept === undefined ? {} : { a: kept } })
})

const refused: [field: string, sent: unknown, message: string][] = [
  ['{ type: text }', undefined, 'Is required'],
  ['{ type: text }', ' \t\u0007', 'Is required'],
  ['{ type: text }', null, 'Is required'],
  ['{ type: text }', true, 'Expected text of at most 500 characters, found true or false'],
  ['{ type: text }', ['a'], 'Expected text of at most 500 characters, found a list'],
  ['{ type: text }', { a: 1 }, 'Expected text of at most 500 characters, found an object'],
  ['{ type: text }', 'x'.repeat(501), 'Expected text of at most 500 characters, found longer text'],
  ['{ type: text, min: 3 }', 'ab', 'Expected text of 3 to 500 characters, found shorter text'],
  [
    "{ type: text, pattern: '[0-9]+' }",
    '12x',
    'Expected text of at most 500 characters, in the required format',
  ],
  ["{ type: text, pattern: '[0-9]+', message: Only digits }", '12x', 'Only digits'],
  [
    '{ type: multiline, max: 2 }',
    'abc',
    'Expected text of at most 2 characters, found longer text',
  ],
  ['{ type: number }', 'ten', 'Expected a number, found text'],
  ['{ type: number }', '0x10', 'Expected a number, found text'],
  ['{ type: number }', ' 1e999 ', 'Expected a number, found a larger number'],
  ['{ type: number }', 'Infinity', 'Expected a number, found text'],
  ['{ type: number }', '1,000', 'Expected a number, found text'],
  ['{ type: number }', Number.NaN, 'Expected a number, found no number'],
  ['{ type: number }', true, 'Expected a number, found true or false'],
  ['{ type: number }', '9'.repeat(30), 'Expected a number, found a larger number'],
  [
    '{ type: number, min: 0, max: 10 }',
    11,
    'Expected a number from 0 to 10, found a larger number',
  ],
  ['{ type: number, min: 1 }', '0.5', 'Expected a number of at least 1, found a smaller number'],
  [
    '{ type: integer, max: 9 }',
    1.5,
    'Expected a whole number of at most 9, found a number with decimals',
  ],
  ['{ type: integer }', '1.5', 'Expected a whole number, found a number with decimals'],
  ['{ type: choice, options: [F, M] }', 'f', 'Expected one of F, M'],
  ['{ type: choice, options: [F, M] }', ['F'], 'Expected one of F, M, found a list'],
  ['{ type: multi-choice, options: [a] }', [], 'Expected at least one of a, each once, found none'],
  [
    '{ type: multi-choice, options: [a, b] }',
    ['a', 'a'],
    'Expected at least one of a, b, each once, found one of them twice',
  ],
  ['{ type: multi-choice, options: [a] }', 'z', 'Expected at least one of a, each once'],
  ['{ type: boolean }', 'yes', 'Expected true or false, found text'],
  ['{ type: boolean, mustBe: true }', undefined, 'Is required'],
  ['{ type: boolean, mustBe: true }', false, 'Expected the box to be ticked: true'],
  ['{ type: boolean, mustBe: true }', 'off', 'Expected the box to be ticked: true'],
  ['{ type: boolean, mustBe: true }', 1, 'Expected the box to be ticked: true, found a number'],
  ['{ type: boolean }', 1, 'Expected true or false, found a number'],
  [
    '{ type: date }',
    '2023-02-29',
    'Expected a date as YYYY-MM-DD, found a date that does not exist',
  ],
  ['{ type: date }', '29.02.2024', 'Expected a date as YYYY-MM-DD'],
  [
    '{ type: date, min: 2024-05-10 }',
    '2024-05-09',
    'Expected a date as YYYY-MM-DD from 2024-05-10, found an earlier date',
  ],
  [
    '{ type: date, max: 2024-05-10 }',
    '2024-05-11',
    'Expected a date as YYYY-MM-DD to 2024-05-10, found a later date',
  ],
  ...Object.entries({
    ann: 'no @',
    'ann@b': 'no domain after the @',
    'ann@1.2': 'no domain after the @',
    'ann@１.２': 'no domain after the @',
    'a@-b.de': 'no domain after the @',
    'ann@': 'nothing after the @',
    '@b.de': 'nothing before the @',
    'a@b@c.de': 'more than one @',
    'a b@c.de': 'a space in it',
    'a..b@c.de': 'a part before the @ that mail servers do not take',
    'ärger@c.de': 'a part before the @ that mail servers do not take',
    [`a@${'b.'.repeat(130)}de`]: 'longer text',
    [`a@${'ä.'.repeat(60)}de`]: 'longer text',
  }).map(([sent, found]): [string, string, string] => [
    '{ type: email }',
    sent,
    `Expected an e-mail address like name@example.com, found ${found}`,
  ]),
  ...['12345678', '+9112345678', '1111111111', '१२३४५६७८', '0000000000', '7'.repeat(300)].map(
    (sent): [string, string, string] => [
      '{ type: phone, region: IN }',
      sent,
      `Expected a phone number of IN, or one with + and country code${sent.length > 32 ? ', found longer text' : ''}`,
    ],
  ),
  [
    '{ type: phone, region: IN, kind: mobile }',
    '022 2778 2183',
    'Expected a mobile number of IN, or one with + and country code',
  ],
  ...invisible.map((sent): [string, string, string] => ['{ type: text }', sent, 'Is required']),
  ...invisible.map((sent): [string, string, string] => [
    '{ type: multiline }',
    sent,
    'Is required',
  ]),
  ['{ type: choice, options: [a] }', '\u200b', 'Is required'],
  ['{ type: phone }', '\u2060', 'Is required'],
  ...['a\u200b\u200b', 'a\u2060\u3164', 'ab\u2800\ufe0f', '\u00adab'].map(
    (sent): [string, string, string] => [
      '{ type: text, min: 3 }',
      sent,
      'Expected text of 3 to 500 characters, found shorter text',
    ],
  ),
  ...['12', 'call me', '+91 1', '+1 213 373 4253 ext. 9'].map((sent): [string, string, string] => [
    '{ type: phone, region: IN }',
    sent,
    'Expected a phone number of IN, or one with + and country code',
  ]),
  ['{ type: phone }', '7004465984', 'Expected a phone number with + and country code'],
  ...Object.entries({
    'javascript:alert(1)': 'neither',
    'ftp://a.b/': 'neither',
    'example.com': 'neither',
    'http://': 'no valid name of a server',
    'https://.com': 'no valid name of a server',
    'https://a..b/': 'no valid name of a server',
    'https://./': 'no valid name of a server',
    'http://[::1]/': 'no valid name of a server',
    'http://a:99999/': 'no valid name of a server',
    'http://me:pw@a.b/': 'a user name in it',
    'http://a b/': 'a space, a quotation mark, < or > or \\ in it',
    'http://a.b/"onload=': 'a space, a quotation mark, < or > or \\ in it',
    'http://a.b/%zz': 'a % without two hexadecimal digits behind it',
    [`http://a.b/${'['.repeat(700)}`]: 'longer text',
  }).map(([sent, found]): [string, string, string] => [
    '{ type: url }',
    sent,
    `Expected a web address that begins with http:// or https://, found ${found}`,
  ]),
]

test.each(refused)('%s refuses %j', (field, sent, message) => {
  const result = formOf({ a: field }).parse({ a: sent })
  expect(result).toEqual({ ok: false, errors: { a: message } })
})

test('the message of a choice with many options has only their number', () => {
  const options = Array.from({ length: 11 }, (_, index) => `o${index}`)
  const result = formOf({ a: `{ type: choice, options: [${options}] }` }).parse({ a: 'x' })
  expect(result).toEqual({
    ok: false,
    errors: { a: 'Expected one of the 11 choices' },
  })
})

test('hostile text is normalised in linear time', () => {
  const form = formOf({ a: '{ type: multiline }', b: '{ type: email }', c: '{ type: url }' })
  const before = process.cpuUsage()
  form.parse({ a: 'a\u0301\u0327\u0316'.repeat(30_000) + '\u0327\u0301'.repeat(100_000) })
  form.parse({ b: `${'a.'.repeat(100_000)}@`, c: `http://${'a'.repeat(200_000)}` })
  // CPU time, which other processes do not change. In quadratic time this takes 20 s.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000)
})

const inputs: [field: string, input: object][] = [
  [
    "{ type: text, pattern: '[a-z]+', min: 2, max: 9 }",
    { tag: 'input', attributes: { type: 'text', minlength: 2, maxlength: 9, pattern: '[a-z]+' } },
  ],
  ['{ type: multiline }', { tag: 'textarea', attributes: { rows: 5, maxlength: 10_000 } }],
  [
    '{ type: number, min: 1 }',
    { tag: 'input', attributes: { type: 'number', step: 'any', min: 1 } },
  ],
  ['{ type: choice, options: [F, M] }', { tag: 'select', attributes: {}, choices: ['F', 'M'] }],
  [
    '{ type: multi-choice, options: [a] }',
    { tag: 'input', attributes: { type: 'checkbox' }, choices: ['a'] },
  ],
  [
    '{ type: date, max: 2024-05-10 }',
    { tag: 'input', attributes: { type: 'date', max: '2024-05-10' } },
  ],
]

test.each(inputs)('%s has its HTML input', (field, input) => {
  expect(formOf({ a: field }).fields.a?.input).toEqual(input)
})
