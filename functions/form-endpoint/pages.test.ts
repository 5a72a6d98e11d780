// The way of a person with a browser and no JavaScript: page, wrong answer, thanks.
import { expect, test } from '@jest/globals'
import { answersOf, makeApp } from './app.fixture.ts'

const browser = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'content-type': 'application/x-www-form-urlencoded',
}

test('the page of a form has its fields, and a key of its own', async () => {
  const { app } = await makeApp()
  const [one, other] = [await app.inject('/forms/demo'), await app.inject('/forms/demo')]
  expect([one.statusCode, one.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(one.body).toContain('name="item1"')
  expect(one.body).not.toBe(other.body)
})

test('a form is shown at its second address', async () => {
  const { app } = await makeApp()
  expect((await app.inject('/student-data-form/')).body).toContain('<h1>Student data</h1>')
})

test('a browser that submits is led to the thanks', async () => {
  const { post, appended } = await makeApp()
  const { statusCode, headers } = await post('/forms/demo', 'item1=caf%C3%A9+1&_key=k', browser)
  expect([statusCode, headers.location]).toEqual([303, '/forms/demo/thanks'])
  expect(answersOf(appended)).toEqual({ item1: 'café 1' })
})

test('the same page submitted twice is one submission', async () => {
  const { post, appended } = await makeApp()
  for (const body of ['item1=a&_key=k', '_key=k&item1=a']) await post('/forms/demo', body, browser)
  const ids = appended.map(([, { id }]) => id)
  expect(new Set(ids).size).toBe(1)
})

test('after a wrong answer the page has the answers and what is wrong', async () => {
  const { post, appended } = await makeApp()
  const answer = await post('/forms/demo', 'item1=%3Cb%3E&age=200&_key=k', browser)
  expect(answer.statusCode).toBe(422)
  expect(answer.body).toContain('value="&lt;b&gt;"')
  expect(answer.body).toContain('a larger number')
  expect(answer.body).toContain('name="_key" value="k"')
  expect(appended).toEqual([])
})
