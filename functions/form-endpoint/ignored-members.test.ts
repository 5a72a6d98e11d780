// Members that pages send besides answers are ignored; members that may be answers are never dropped.
import { expect, test } from '@jest/globals'
import { answersOf, makeApp } from './app.fixture.ts'

async function post(body: object, extra = ''): Promise<[status: number, kept: unknown]> {
  const file = `title: A\nfields:\n  name: { type: text }\n  age: { type: integer, required: false }\n${extra}`
  const { post, appended } = await makeApp({ files: { 'a.yaml': file } })
  const answer = await post('/forms/a', { name: 'Ann', ...body })
  return [answer.statusCode, answersOf(appended) ?? answer.json().errors]
}

test.each([
  ...['submit', 'button', 'reset', 'utm_source', 'utm_campaign', '_token'].map((name) => ({
    [name]: 'x',
  })),
  ...['g-recaptcha-response', 'h-captcha-response', 'cf-turnstile-response'].map((name) => ({
    [name]: 'x',
  })),
  ...['', '  \n', null, []].map((empty) => ({ other: empty })),
  { age: null },
  { age: '' },
])('%j is ignored', async (body) => {
  expect(await post(body)).toEqual([202, { name: 'Ann' }])
})

test.each(['other', 'utm', 'Submit', 'submitted', 'captcha'])(
  'an answer to %s, which is no field, is refused and not lost',
  async (name) => {
    for (const value of ['x', 0, false, ['x'], [''], {}]) {
      expect(await post({ [name]: value })).toEqual([422, { [name]: 'Unknown field' }])
    }
  },
)

test('a form with a field of such a name gets the answer', async () => {
  const fields = '  submit: { type: text }\n  utm_source: { type: text, required: false }\n'
  expect(await post({ submit: 'a', utm_source: 'b' }, fields)).toEqual([
    202,
    { name: 'Ann', submit: 'a', utm_source: 'b' },
  ])
  expect(await post({ utm_source: 'b' }, fields)).toEqual([422, { submit: 'Is required' }])
})

test('null for a required field counts as missing', async () => {
  expect(await post({ name: null })).toEqual([422, { name: 'Is required' }])
})
