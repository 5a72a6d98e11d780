// The way of a person with a browser and no JavaScript: page, wrong answer, thanks.
import { expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { compile } from '#kit/forms/form.fixture.ts'
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

test.each([
  ['en', 'There is no page at this address'],
  ['hi', 'इस पते पर कोई पृष्ठ नहीं है'],
])('an address without a form is explained to a person who reads %s', async (language, text) => {
  const { app } = await makeApp()
  const headers = { ...browser, 'accept-language': language }
  const { statusCode, body } = await app.inject({ url: '/forms/missing', headers })
  expect(statusCode).toBe(404)
  expect(body).toContain(text)
})

test('no form can have an address that the endpoint has itself', async () => {
  const { app } = await makeApp({ secrets: ['s'.repeat(32)], listForms: true })
  await app.ready()
  const routes = app.printRoutes({ commonPrefix: false }).matchAll(/^.── \/([\w.]+)/gm)
  const names = [...new Set(Array.from(routes, ([, name]) => name))]
  expect(names).toContain('receipt.js')
  const fields = 'fields:\n  a: { type: text }\n'
  const isFree = (name = '') => compile(`title: A\npath: /${name}/\n${fields}`).ok
  expect(names.filter(isFree)).toEqual([])
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

test('a wrong key is explained, and the answers are kept under a new one', async () => {
  const { post } = await makeApp()
  const answer = await post('/forms/demo', 'item1=a&_key=%00', browser)
  expect(answer.statusCode).toBe(400)
  expect(answer.body).toContain('Expected an Idempotency-Key')
  expect(answer.body).toContain('value="a"')
  expect(answer.body).toMatch(/name="_key" value="[\w-]{36}"/)
})

test('after an outage the page has the answers and the same key', async () => {
  const append = () => Promise.reject(new LogUnavailable('away', { begun: true }))
  const { post } = await makeApp({ append })
  const answer = await post('/forms/demo', 'item1=a&_key=k', browser)
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
  expect(answer.body).toContain('could not be stored')
  expect(answer.body).toContain('value="a"')
  expect(answer.body).toContain('name="_key" value="k"')
})

test('where the answers were not read, people are told to go back', async () => {
  const { post } = await makeApp()
  const answer = await post('/forms/demo', `item1=${'a'.repeat(70_000)}`, browser)
  expect(answer.statusCode).toBe(413)
  expect(answer.body).toContain('go back')
})

test('browsers keep the script for ever, under an address of its version', async () => {
  const { app } = await makeApp()
  const { headers, body } = await app.inject('/forms/demo')
  expect(headers['cache-control']).toBe('private, no-cache')
  const script = await app.inject(/src="(\/page[^"]*)"/.exec(body)![1]!)
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.body).not.toMatch(/\/\*|^\s/m)
  expect((await app.inject('/page.js')).headers['cache-control']).toBe('no-cache')
})
