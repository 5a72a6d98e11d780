// Where a browser is led after a submission: only to where the form allows.
import { expect, test } from '@jest/globals'
import { makeApp } from './app.fixture.ts'

const fileOf = (more: string) => `title: A\n${more}\nfields:\n  item1: { type: text }\n`
const some = "origins: ['https://a.example', 'http://localhost:3000']"

async function submit(redirect: unknown, { more = some, accept = 'text/html' } = {}) {
  const { post, appended } = await makeApp({ files: { 'a.yaml': fileOf(more) } })
  const answer = await post('/forms/a', { item1: 'a', _redirect: redirect }, { accept })
  return { answer, stored: appended.length }
}

test.each([
  ['/done?a=b#c', '/done?a=b#c'],
  ['https://a.example', 'https://a.example'],
  ['https://a.example/x/../y?z', 'https://a.example/x/../y?z'],
  ['/धन्यवाद/é%20', '/%E0%A4%A7%E0%A4%A8%E0%A5%8D%E0%A4%AF%E0%A4%B5%E0%A4%BE%E0%A4%A6/%C3%A9%20'],
  ['', '/forms/a/thanks'],
  [undefined, '/forms/a/thanks'],
])('the page asks for %j: the browser is led to %s', async (redirect, location) => {
  const { answer, stored } = await submit(redirect)
  expect([answer.statusCode, answer.headers.location, stored]).toEqual([303, location, 1])
})

test.each([
  'https://b.example/',
  'https://a.example.b.example/',
  'https://a.example:8443/',
  'https://a.example@b.example/',
  'http://a.example/',
  '//b.example/',
  '/\\b.example/',
  '/\tb',
  'javascript:alert(1)',
  'done',
  ['/a', '/b'],
])('the page asks for %j: refused, and nothing is stored', async (redirect) => {
  const { answer, stored } = await submit(redirect)
  expect([answer.statusCode, answer.headers.location, stored]).toEqual([422, undefined, 0])
})

test('a form that all sites may send leads to none of them', async () => {
  const { answer } = await submit('https://b.example/', { more: "origins: ['*']" })
  expect(answer.statusCode).toBe(422)
})

test('the target of the form itself is any https URL', async () => {
  const more = 'page: { redirect: https://c.example/é }'
  const { answer } = await submit(undefined, { more })
  expect(answer.headers.location).toBe('https://c.example/%C3%A9')
})

test('a client that wants no page is not led anywhere', async () => {
  const { answer, stored } = await submit('https://b.example/', { accept: '*/*' })
  expect([answer.statusCode, answer.headers.location, stored]).toEqual([202, undefined, 1])
})
