import { Agent } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { post } from '#kafka/http-post.ts'
import { Rejected, RetryLater } from './errors.ts'
import { silent, submittedEvent, wireOf } from './events.fixture.ts'
import { buildServer } from './serve.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close()
})

type Served = Parameters<typeof buildServer>[0]

function given(
  deliver: (event: FormEvent) => Promise<void> = async () => {},
  health: Partial<Served> = {},
) {
  const app = buildServer({ deliver, ready: () => true, log: silent, ...health })
  opened.push(app)
  const post = (headers: Record<string, string>, payload: string | Buffer) =>
    app.inject({ method: 'POST', url: '/', headers, payload })
  return { app, post }
}

const event = submittedEvent()
const { headers, body } = wireOf(event)
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' }

test('a delivery is answered with 204 once the event is handled', async () => {
  const handled: FormEvent[] = []
  const { post } = given(async (delivered) => {
    handled.push(delivered)
  })
  const answers = [await post(headers, body), await post(structured, JSON.stringify(event))]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204])
  expect(handled.map((one) => one.toJSON())).toEqual([event.toJSON(), event.toJSON()])
})

test.each([
  ['no event', { 'content-type': 'application/json' }, '{"secret":1}'],
  ['no body and no content type', {}, ''],
  ['no id', { ...headers, 'ce-id': '' }, body],
  ['another specversion', { ...headers, 'ce-specversion': '0.3' }, body],
  ['a bad extension name', { ...headers, 'ce-my-own': 'x' }, body],
  ['broken JSON', headers, '{"secret":'],
  [
    'a batch',
    { 'content-type': 'application/cloudevents-batch+json' },
    `[${JSON.stringify(event)}]`,
  ],
])('%s is answered with 400, which no source retries', async (_, sent, payload) => {
  const handled: FormEvent[] = []
  const { post } = given(async (delivered) => {
    handled.push(delivered)
  })
  const answer = await post(sent, payload)
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.json()).toEqual({ status: 400, title: expect.stringMatching(/^Expected/) })
  expect(answer.body).not.toContain('secret')
  expect(handled).toEqual([])
})

test('a body of 1 MiB is taken, more is 413', async () => {
  const { post } = given()
  const sized = (bytes: number) => body.replace('"a"', `"${'a'.repeat(bytes - body.length + 1)}"`)
  expect(sized(2 ** 20)).toHaveLength(2 ** 20)
  expect((await post(headers, sized(2 ** 20))).statusCode).toBe(204)
  expect((await post(headers, sized(2 ** 20 + 1))).statusCode).toBe(413)
})

test.each([
  [422, new Rejected('The sheet has no such tab'), 'The sheet has no such tab'],
  [503, new RetryLater('The quota is used up'), 'The quota is used up'],
  [500, new Error('Broken by xyzzy'), 'The task failed'],
  [500, Object.assign(new Error('xyzzy'), { statusCode: 400 }), 'The task failed'],
])('the status %d says what happens next after %p', async (status, error, title) => {
  const { post } = given(() => Promise.reject(error))
  const answer = await post(headers, body)
  expect([answer.statusCode, answer.json()]).toEqual([status, { status, title }])
  expect(answer.body).not.toContain('xyzzy')
})

test('closing waits for the delivery under way', async () => {
  const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { app } = given(() => {
    begun.resolve()
    return done.promise
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = fetch(url, { method: 'POST', headers, body })
  await begun.promise
  const closed = app.close()
  done.resolve()
  expect((await answer).status).toBe(204)
  await closed
})

test('while deliveries cannot succeed it is not ready, and says why; it is alive', async () => {
  const { app } = given(undefined, { ready: () => 'Redis is away', notes: () => ({ a: 'b' }) })
  expect((await app.inject('/health/liveness')).statusCode).toBe(200)
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'down', problem: 'Redis is away' },
  ])
})

test('what an operator should know does not keep it from being ready', async () => {
  const notes = { 'student-data': 'The sheet is protected' }
  const { app } = given(undefined, { notes: () => notes })
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'up', notes }])
})

test('attributes may be as large as a body: one of 500 kB is delivered, more than an event may have is refused', async () => {
  const handled: FormEvent[] = []
  const { app } = given(async (delivered) => {
    handled.push(delivered)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const agent = new Agent()
  const send = (note: string) =>
    post({ url, agent, deadline: 5000 }, { headers: { ...headers, 'ce-note': note }, body })
  expect(await send('x'.repeat(500_000))).toBe(204)
  expect(await send('x'.repeat(1_100_000))).toBe(431)
  expect(handled.map(({ note }) => String(note).length)).toEqual([500_000])
  agent.destroy()
})
