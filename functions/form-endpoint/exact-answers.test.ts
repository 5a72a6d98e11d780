// Answers are stored exactly as they were sent, or refused: no digit of a number and no answer is lost.
import { expect, test } from '@jest/globals'
import { answersOf, makeApp } from './app.fixture.ts'

const file = `title: A
fields:
  t: { type: text, required: false }
  c: { type: choice, options: ['1.50', '12'], required: false }
  m: { type: multi-choice, options: ['1.50', '12'], required: false }
  p: { type: phone, region: IN, required: false }
  n: { type: number, required: false }
  i: { type: integer, required: false }
  b: { type: boolean, required: false }
`

/** The stored answers, or the error of each field. */
async function postRaw(body: string): Promise<[status: number, kept: unknown]> {
  const { post, appended } = await makeApp({ files: { 'a.yaml': file } })
  const answer = await post('/forms/a', body)
  const { errors, detail } = answer.json()
  return [answer.statusCode, answersOf(appended) ?? errors ?? detail]
}

const kept: [sent: string, kept: unknown][] = [
  ['{"t":99999}', { t: '99999' }],
  ['{"t":-3.25}', { t: '-3.25' }],
  ['{"t":9007199254740991}', { t: '9007199254740991' }],
  ['{"t":"12345678901234567"}', { t: '12345678901234567' }],
  ['{"t":"1e25"}', { t: '1e25' }],
  [
    '{"t":"costs 1.50, or 12345678901234567890 [1e5, -0 ]"}',
    { t: 'costs 1.50, or 12345678901234567890 [1e5, -0 ]' },
  ],
  ['{"t":":-)"}', { t: ':-)' }],
  ['{"t":" : x","c":"12","_a":":"}', { t: ': x', c: '12' }],
  ['{"t":"say \\"no\\": 1e5"}', { t: 'say "no": 1e5' }],
  ['{"p":7004465984}', { p: '+917004465984' }],
  ['{"c":12,"m":[12]}', { c: '12', m: ['12'] }],
  ['{"n":1.50}', { n: 1.5 }],
  ['{"n": 1e3 ,"i":1E5}', { n: 1000, i: 100_000 }],
  ['{"n":"1e-7"}', { n: 1e-7 }],
  ['{"n":0.30000000000000004}', { n: 0.1 + 0.2 }],
  ['{"n":-0}', { n: 0 }],
  ['{"i":1.0}', { i: 1 }],
  ['{"i":9007199254740991}', { i: Number.MAX_SAFE_INTEGER }],
]

test.each(kept)('%s is kept', async (sent, answers) => {
  expect(await postRaw(sent)).toEqual([202, answers])
})

const quotes = 'a number whose digits would change: put it in quotes'
const digits = 'more digits than a number can keep'

const refused: [sent: string, field: string, found: string][] = [
  ...[
    '12345678901234567',
    '9007199254740993',
    '1e25',
    '1E5',
    '1.50',
    '1.0',
    '-0',
    '-0.0',
    '1e400',
    '1e-400',
    '0.12345678901234567890',
    '12345678.123456789012',
    `1${'0'.repeat(500)}`,
  ].flatMap((number): [string, string, string][] => [
    [`{"t":${number}}`, 't', quotes],
    [`{"t": ${number} , "n":1}`, 't', quotes],
    [`{"p":${number}}`, 'p', quotes],
    [`{"c":${number}}`, 'c', quotes],
    [`{"m":[${number}]}`, 'm', quotes],
    [`{"m":[ "12", ${number} ]}`, 'm', quotes],
  ]),
  ['{"n":0.12345678901234567890}', 'n', digits],
  ['{"n":"0.12345678901234567890"}', 'n', digits],
  ['{"n":1234567.12345678901}', 'n', digits],
  ['{"n":1e-400}', 'n', digits],
  ['{"n":12345678901234567}', 'n', 'a larger number'],
  ['{"n":"-12345678901234567"}', 'n', 'a smaller number'],
  ['{"n":1e400}', 'n', 'a larger number'],
  ['{"i":9007199254740993}', 'i', 'a larger number'],
  ['{"i":4503599627370495.51}', 'i', digits],
  ['{"b":1.0}', 'b', 'a number'],
]

test.each(refused)('%s is refused', async (sent, field, found) => {
  const [status, errors] = await postRaw(sent)
  expect([status, errors]).toEqual([422, { [field]: expect.stringMatching(`, found ${found}$`) }])
})

test.each([
  '{"t":"a","t":"b"}',
  '{"t" :"a", "n":1, "t"\n: "a"}',
  '{"_a":{"b":1,"b":2},"t":"x"}',
  String.raw`{"t":"a","t":"b","_x\\":1}`,
  String.raw`{"t":"a","_a":{"bc":1,"b\u0063":2}}`,
  String.raw`{"_\u005c":1,"_\\":2,"t":"b"}`,
])('%s repeats a name and is malformed', async (sent) => {
  expect(await postRaw(sent)).toEqual([400, 'Expected each name once'])
})

test.each(['{"t":"\\":","_a":{"b":[{"c":1},{"c":2}]}}', '{"t":"\\":","_a":{"t":"\\\\\\":\\":"}}'])(
  '%s has each name once',
  async (sent) => {
    expect(await postRaw(sent)).toEqual([202, { t: '":' }])
  },
)

const broken = 'Expected whole characters, found half of a surrogate pair'

test.each([
  String.raw`{"t":"x\ud800y"}`,
  String.raw`{"t":"\uDC00\uD800"}`,
  String.raw`{"m":["12","\udfff"]}`,
  String.raw`{"_\ud83d":1,"t":"x"}`,
  String.raw`{"_a":[{"b":{"c\\\uDBFF":1}}],"t":"x"}`,
])('%s has half of a surrogate pair and is malformed', async (sent) => {
  expect(await postRaw(sent)).toEqual([400, broken])
})

test.each([
  [String.raw`{"t":"\ud83d\udc4b"}`, '👋'],
  [String.raw`{"t":"👋\uD83D\uDC4B"}`, '👋👋'],
  [String.raw`{"t":"\\ud800"}`, String.raw`\ud800`],
])('%s has whole characters only', async (sent, text) => {
  expect(await postRaw(sent)).toEqual([202, { t: text }])
})

test.each([
  ['in what is ignored', (nested: string) => `{"_a":${nested},"t":"x"}`, 202],
  ['in an answer', (nested: string) => `{"t":${nested}}`, 422],
  ['beside a number that is read twice', (nested: string) => `{"_a":${nested},"n":1e3}`, 400],
])('a body that is nested as deeply as possible gets a response: %s', async (_, sent, status) => {
  const nested = `${'['.repeat(30_000)}1e5${']'.repeat(30_000)}`
  expect((await postRaw(sent(nested)))[0]).toBe(status)
})

test('a member that would set a prototype is refused even if numbers are parsed twice', async () => {
  for (const sent of [
    '{"__proto__":{"t":"x"},"n":1e3}',
    '{"n":1e3,"constructor":{"prototype":{"t":"x"}}}',
    '{"n":1e3,"_a":{"\\u005f_proto__":1}}',
  ]) {
    expect((await postRaw(sent))[0]).toBe(400)
  }
})
