// A repeated request is the same submission, even if the form was edited in between.
import { expect, test } from '@jest/globals'
import { makeApp } from './app.fixture.ts'
import { newIdempotencyKey } from './submission-id.ts'

const key = 'order 7'
const sent = { name: ' Zoë ', roll: '0042', rating: 8.5, tags: ['b', 'a'], agreed: 'on', note: '' }

const fields = {
  name: '{ type: text }',
  roll: '{ type: text }',
  rating: '{ type: number, max: 10 }',
  tags: '{ type: multi-choice, options: [a, b] }',
  agreed: '{ type: boolean }',
  note: '{ type: multiline, required: false }',
}

const fileOf = (fields: Record<string, string>, head = 'title: A') =>
  [head, 'fields:', ...Object.entries(fields).map(([name, field]) => `  ${name}: ${field}`)].join(
    '\n',
  )

async function idOf(file: string, body: object, idempotencyKey = key): Promise<string> {
  const { post } = await makeApp({ files: { 'a.yaml': file } })
  const answer = await post('/forms/a', body, { 'idempotency-key': idempotencyKey })
  expect([file, answer.statusCode, answer.body]).toEqual([file, 202, expect.any(String)])
  return answer.json().id
}

const edits: [edit: string, file: string][] = [
  ['its fields in another order', fileOf(Object.fromEntries(Object.entries(fields).reverse()))],
  [
    'another title, path and labels',
    fileOf({ ...fields, name: '{ type: text, label: N }' }, 'title: B\npath: /b/'),
  ],
  ['another optional field', fileOf({ before: '{ type: text, required: false }', ...fields })],
  ['other limits', fileOf({ ...fields, name: '{ type: text, max: 9 }' })],
  [
    'a field that has become optional',
    fileOf({ ...fields, roll: '{ type: text, required: false }' }),
  ],
  [
    'a field that nobody answered taken away',
    fileOf({ ...fields, note: undefined as never }).replace(/\n +note.*/, ''),
  ],
  ['text that is kept as a whole number', fileOf({ ...fields, roll: '{ type: integer }' })],
  ['a number that is kept as text', fileOf({ ...fields, rating: '{ type: text }' })],
  ['one line that may be several', fileOf({ ...fields, name: '{ type: multiline }' })],
]

test.each(edits)('the same key and answers are the same submission after %s', async (_, file) => {
  for (const one of [key, newIdempotencyKey()]) {
    expect(await idOf(file, sent, one)).toBe(await idOf(fileOf(fields), sent, one))
  }
})

const same: object[] = [
  Object.fromEntries(Object.entries(sent).reverse()),
  { ...sent, name: 'Zoë', rating: '8.5' },
  { ...sent, note: undefined },
  { ...sent, note: null, other: '', _csrf: 'x', 'g-recaptcha-response': 'a new token' },
]

test.each(same)('%j is the same submission under the same key', async (body) => {
  expect(await idOf(fileOf(fields), body)).toBe(await idOf(fileOf(fields), sent))
})

const others: object[] = [
  { ...sent, name: 'Zoe' },
  { ...sent, roll: '42' },
  { ...sent, tags: ['a', 'b'] },
  { ...sent, tags: ['a'] },
  { ...sent, agreed: false },
  { ...sent, note: 'x' },
]

test.each(others)('%j is another submission under the same key', async (body) => {
  expect(await idOf(fileOf(fields), body)).not.toBe(await idOf(fileOf(fields), sent))
})

// Ids of the time before they were made from canonical answers.
const former: [body: object, key: string, id: string][] = [
  [
    { b: ' x ', a: '07' },
    '019ab000-0000-7abc-8def-0123456789ab',
    '019ab000-0000-7091-93ee-c138e4329d9b',
  ],
  [
    { a: 7, b: 'x' },
    '019ab000-0000-7abc-8def-0123456789ab',
    '019ab000-0000-7091-93ee-c138e4329d9b',
  ],
]

test.each(former)('%j under the older key %s keeps its older id', async (body, key, id) => {
  const file = fileOf({ b: '{ type: text }', a: '{ type: integer }' })
  expect(await idOf(file, body, key)).toBe(id)
})
