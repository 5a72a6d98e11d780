// What the endpoint says about itself: the schema of a form, and OpenAPI.
import { expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { givenApp } from './given-app.ts'

interface Operation {
  operationId: string
  requestBody: { required: boolean; content: Record<string, { schema: object }> }
  responses: Record<string, { description: string }>
}
interface Description {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, { post: Operation }>
}

async function description(): Promise<Description> {
  const { app } = await givenApp()
  return (await app.inject('/openapi.json')).json()
}

/** The operations, by address. */
const operations = async () =>
  Object.entries((await description()).paths).map(([path, { post }]) => [path, post] as const)

test('the schema of a form takes what the endpoint takes, and refuses what it refuses', async () => {
  const { app, post } = await givenApp()
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

test('OpenAPI 3.1 has each form at each of its addresses, under an id of its own', async () => {
  const { openapi, info } = await description()
  expect([openapi, info]).toEqual([
    expect.stringMatching(/^3\.1\.\d+$/),
    expect.objectContaining({ title: expect.any(String), version: expect.any(String) }),
  ])
  const all = await operations()
  expect(all.map(([path]) => path)).toEqual([
    '/forms/demo',
    '/forms/student-data',
    '/student-data-form/',
  ])
  expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(3)
})

test('each answer is described, and the schemas of the bodies can be compiled', async () => {
  const all = await operations()
  expect(all).toHaveLength(3)
  for (const [, { requestBody, responses }] of all) {
    expect(Object.keys(responses)).toEqual(['202', '400', '413', '415', '422', '503'])
    for (const { description } of Object.values(responses)) expect(description).not.toBe('')
    expect(requestBody.required).toBe(true)
    new Ajv2020().compile(requestBody.content['application/json']?.schema ?? {})
  }
})

test('every reference leads somewhere', async () => {
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
