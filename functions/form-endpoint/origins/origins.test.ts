// Which pages may send a form, and what their scripts may read.
import { expect, test } from '@jest/globals'
import { makeApp } from '../app.fixture.ts'

const fields = 'fields:\n  item1: { type: text }\n'
const files = {
  'own.yaml': `title: Own\n${fields}`,
  'some.yaml': `title: Some\npath: /some-path/\norigins: ['https://a.example', 'http://localhost:3000']\n${fields}`,
  'all.yaml': `title: All\norigins: ['*']\n${fields}`,
}

async function post(form: string, headers: Record<string, string>) {
  const { post, appended } = await makeApp({ files })
  const answer = await post(`/forms/${form}`, { item1: 'a' }, { host: 'here.example', ...headers })
  expect(appended).toHaveLength(answer.statusCode === 202 ? 1 : 0)
  return answer
}

const other = 'https://b.example'
const crossSite = { 'sec-fetch-site': 'cross-site' }

test.each<[who: string, form: string, headers: Record<string, string>]>([
  ['a client that is no browser', 'own', {}],
  ['a page of this site', 'own', { origin: 'https://here.example' }],
  ['a page of this site, at a port', 'own', { origin: 'http://a:8080', host: 'A:8080' }],
  ['a page of this site, at a default port', 'own', { origin: 'http://a', host: 'a:80' }],
  ['a page of this site behind a proxy', 'own', { origin: other, 'sec-fetch-site': 'same-origin' }],
  ['a page that the form allows', 'some', { origin: 'https://a.example', ...crossSite }],
  ['a page at a port that the form allows', 'some', { origin: 'http://localhost:3000' }],
  ['any page if the form allows all', 'all', { origin: other, ...crossSite }],
  ['a file if the form allows all pages', 'all', { origin: 'null' }],
])('%s may send the form', async (_, form, headers) => {
  expect((await post(form, headers)).statusCode).toBe(202)
})

test.each<[who: string, form: string, headers: Record<string, string>]>([
  ['a page of another site', 'own', { origin: other }],
  ['a page that another form allows', 'own', { origin: 'https://a.example' }],
  ['a page with the scheme of no allowed origin', 'some', { origin: 'http://a.example' }],
  ['a page at another port', 'some', { origin: 'https://a.example:8443' }],
  ['a page of a longer name', 'some', { origin: 'https://a.example.b.example' }],
  ['a page of this host at another port', 'own', { origin: 'http://here.example:8081' }],
  ['a page of a sister site', 'own', { origin: other, 'sec-fetch-site': 'same-site' }],
  ['a page of this host over http', 'own', { origin: 'http://here.example', ...crossSite }],
  ['a file', 'some', { origin: 'null' }],
  ['a file that is sent to localhost', 'own', { origin: 'file://', host: 'localhost' }],
  ['an Origin that is none', 'some', { origin: 'here.example' }],
  ['an Origin with a star', 'some', { origin: '*' }],
])('%s may not send the form, and nothing is stored', async (_, form, headers) => {
  const answer = await post(form, headers)
  expect([answer.statusCode, answer.headers['content-type'], answer.json()]).toEqual([
    403,
    expect.stringMatching(/^application\/problem\+json/),
    expect.objectContaining({ status: 403, detail: expect.stringMatching(/^Expected a page of/) }),
  ])
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

test('a person on another site sees why the form was not taken, as a page', async () => {
  const answer = await post('own', { origin: other, accept: 'text/html' })
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    403,
    'text/html; charset=utf-8',
  ])
})

const preflight = { 'access-control-request-method': 'POST' }

test.each([
  ['/forms/some', 'https://a.example', 'https://a.example'],
  ['/some-path/', 'https://a.example', 'https://a.example'],
  ['/forms/all', other, '*'],
  ['/forms/some', other, undefined],
])('a preflight for %s from %s allows %s', async (url, origin, allowed) => {
  const { app } = await makeApp({ files })
  const { statusCode, headers } = await app.inject({
    method: 'OPTIONS',
    url,
    headers: { origin, ...preflight },
  })
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, allowed])
  expect(headers).toMatchObject({
    vary: 'Origin',
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': 'Content-Type, Idempotency-Key',
    'access-control-max-age': '7200',
  })
})

test('a form that allows no other site has no OPTIONS', async () => {
  const { app } = await makeApp({ files })
  const headers = { origin: other, ...preflight }
  const answer = await app.inject({ method: 'OPTIONS', url: '/forms/own', headers })
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST'])
  const put = await app.inject({ method: 'PUT', url: '/forms/some', headers })
  expect([put.statusCode, put.headers.allow]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  const nowhere = await app.inject({ method: 'OPTIONS', url: '/forms/none', headers })
  expect(nowhere.statusCode).toBe(404)
})

test('a script on an allowed page can read each answer', async () => {
  const { app, post } = await makeApp({ files })
  const headers = { origin: 'https://a.example' }
  const answers = [
    await post('/forms/some', { item1: 'a' }, headers),
    await post('/forms/some', { item1: '' }, headers),
    await post('/forms/some', '{', headers),
    await post('/forms/some', 'a'.repeat(100_000), headers),
    await app.inject({ url: '/forms/some', headers }),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 422, 400, 413, 200])
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-expose-headers': 'Location, Retry-After, Idempotency-Key',
      vary: expect.stringMatching(/\bOrigin\b/),
    })
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  }
})

test('pages have HEAD', async () => {
  const { app } = await makeApp({ files })
  for (const url of [
    '/forms/some',
    '/some-path/',
    '/forms/some/thanks',
    '/forms/some/schema.json',
  ]) {
    const [get, head] = [await app.inject(url), await app.inject({ method: 'HEAD', url })]
    expect([head.statusCode, head.headers['content-type']]).toEqual([
      200,
      get.headers['content-type'],
    ])
  }
})
