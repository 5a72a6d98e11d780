// The endpoint's descriptions: the JSON Schema of a form, and OpenAPI.
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { formOf } from '#kit/forms/form.fixture.ts'
import type { Form } from '#kit/forms/form.ts'
import { makeApp } from './app.fixture.ts'
import { openapiPages } from './openapi-pages.ts'

interface Operation {
  operationId: string
  requestBody?: { required: boolean; content: Record<string, { schema: { $ref: string } }> }
  responses: Record<string, { description?: string; $ref?: string }>
}
interface Description {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  paths: Record<string, { post?: Operation; get?: Operation }>
  components: { schemas: Record<string, object> }
}

async function description(url = '/openapi.json'): Promise<Description> {
  const { app } = await makeApp()
  return (await app.inject(url)).json()
}

/** The operations, by address. */
const operations = async () =>
  Object.entries((await description()).paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation): [string, Operation] => [path, operation]),
  )

test('the schema of a form accepts and refuses the same answers as the endpoint', async () => {
  const { app, post } = await makeApp()
  const answer = await app.inject('/forms/demo/schema.json')
  expect(answer.headers['content-type']).toMatch(/^application\/schema\+json/)
  const validate = new Ajv2020().compile(answer.json())
  const bodies = [
    { item1: 'a' },
    { item1: 'a', age: 3 },
    {},
    { item1: 'a', age: 151 },
    { item1: 'a', b: 1 },
  ]
  for (const body of bodies) {
    const { statusCode } = await post('/forms/demo', body)
    expect([body, validate(body)]).toEqual([body, statusCode === 202])
  }
})

test('the OpenAPI description has each form at each of its addresses, with unique operation ids', async () => {
  const { openapi, info } = await description()
  expect([openapi, info]).toEqual([
    expect.stringMatching(/^3\.1\.\d+$/),
    expect.objectContaining({ title: expect.any(String), version: expect.any(String) }),
  ])
  const all = await operations()
  expect([...new Set(all.map(([path]) => path))]).toEqual([
    ...['/openapi.json', '/embed.js', '/health/liveness', '/health/readiness'],
    ...['/submissions/{id}', '/metrics'],
    ...['/forms/demo', '/forms/demo/thanks'],
    ...['/forms/demo/schema.json', '/forms/demo/openapi.json'],
    ...['/forms/student-data', '/student-data-form/', '/forms/student-data/thanks'],
    ...['/forms/student-data/schema.json', '/forms/student-data/openapi.json'],
  ])
  expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length)
})

test('each response to a submission is described, and the schemas compile', async () => {
  const { paths, components, servers } = await description()
  expect(servers).toEqual([{ url: '/' }])
  const posts = Object.entries(paths).flatMap(([path, { post }]) =>
    post ? [[path, post] as const] : [],
  )
  expect(posts).toHaveLength(3)
  for (const [path, { requestBody, responses }] of posts) {
    const statuses = [202, 303, 400, 403, 404, 405, 413, 415, 422, 500, 503].map(String)
    expect(Object.keys(responses)).toEqual(statuses)
    const id = path.includes('demo') ? 'demo' : 'student-data'
    const schema = { $ref: `#/components/schemas/${id}` }
    expect(requestBody).toEqual({
      required: true,
      content: {
        'application/json': { schema },
        'application/x-www-form-urlencoded': { schema },
        'multipart/form-data': { schema },
      },
    })
    new Ajv2020().compile(components.schemas[id] ?? {})
  }
})

test('the description of one form contains nothing of other forms', async () => {
  const { paths, components } = await description('/forms/demo/openapi.json')
  expect(Object.keys(paths)).toEqual([
    '/forms/demo',
    '/forms/demo/thanks',
    '/forms/demo/schema.json',
    '/forms/demo/openapi.json',
  ])
  expect(Object.keys(components.schemas)).toEqual(['Accepted', 'Problem', 'demo'])
  const { app } = await makeApp()
  expect((await app.inject('/forms/none/openapi.json')).statusCode).toBe(404)
})

const pages = ['/openapi.json', '/forms/demo/openapi.json']

test.each(pages)(
  '%s is not sent again to a client that has it, plain or compressed',
  async (url) => {
    const { app } = await makeApp()
    const plain = await app.inject(url)
    const zipped = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip;q=0.5' } })
    expect(JSON.parse(gunzipSync(zipped.rawPayload).toString())).toEqual(plain.json())
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(plain.headers).toMatchObject({
      vary: 'Accept-Encoding',
      etag: expect.stringMatching(/^"/),
    })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers.etag).not.toBe(zipped.headers.etag)
    const refused = await app.inject({ url, headers: { 'accept-encoding': 'gzip;q=0' } })
    expect(refused.headers['content-encoding']).toBeUndefined()
    for (const named of [plain.headers.etag, `"x", W/${plain.headers.etag}`, '*']) {
      const again = await app.inject({ url, headers: { 'if-none-match': String(named) } })
      expect([again.statusCode, again.payload, again.headers.etag]).toEqual([
        304,
        '',
        plain.headers.etag,
      ])
    }
    const other = await app.inject({ url, headers: { 'if-none-match': '"x"' } })
    expect(other.statusCode).toBe(200)
    const head = await app.inject({ url, method: 'HEAD' })
    expect([head.statusCode, head.payload, head.headers.etag]).toEqual([
      200,
      '',
      plain.headers.etag,
    ])
  },
)

test('the description of a thousand forms is made once, and again after a form changed', async () => {
  let made = 0
  const form = (id: string): Form =>
    Object.defineProperty({ ...formOf({ a: '{ type: text }' }), id }, 'jsonSchema', {
      get: () => {
        made += 1
        return { title: id }
      },
    })
  let forms = Array.from({ length: 1_000 }, (_, n) => form(`f${n}`))
  const { all } = openapiPages(() => [...forms])
  const first = await Promise.all([all(), all(), all()])
  expect([new Set(first).size, made]).toEqual([1, 1_000])
  expect([await all(), made]).toEqual([first[0], 1_000])
  forms = [form('f0'), ...forms.slice(1)]
  await all()
  expect(made).toBe(1_001)
})

test('every $ref resolves', async () => {
  const described = await description()
  const references = [...JSON.stringify(described).matchAll(/"\$ref":"#\/([^"]+)"/g)]
  expect(references.length).toBeGreaterThan(0)
  for (const [, reference = ''] of references) {
    const found = reference
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], described)
    expect([reference, typeof found]).toEqual([reference, 'object'])
  }
})
