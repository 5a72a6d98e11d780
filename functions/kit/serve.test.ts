import { Agent } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { httpPost } from '#kafka/http-post.ts'
import { Rejected, RetryLater } from './errors.ts'
import { silent, submittedEvent, wireOf } from './events.fixture.ts'
import { buildServer } from './serve.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close()
})

type Served = Parameters<typeof buildServer>[0]

function makeServer(
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
  const { post } = makeServer(async (delivered) => {
    handled.push(delivered)
  })
  const answers = [await post(headers, body), await post(structured, JSON.stringify(event))]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204])
  expect(handled).toEqual([event, event])
})

test.each([
  ['a request that is not an event', { 'content-type': 'application/json' }, '{"secret":1}'],
  ['a request without body and content type', {}, ''],
  ['an event without an id', { ...headers, 'ce-id': '' }, body],
  ['an event of another specversion', { ...headers, 'ce-specversion': '0.3' }, body],
  ['a bad extension name', { ...headers, 'ce-my-own': 'x' }, body],
  ['broken JSON', headers, '{"secret":'],
  [
    'a batch',
    { 'content-type': 'application/cloudevents-batch+json' },
    `[${JSON.stringify(event)}]`,
  ],
])('%s is answered with 400, which a source does not retry', async (_, sent, payload) => {
  const handled: FormEvent[] = []
  const { post } = makeServer(async (delivered) => {
    handled.push(delivered)
  })
  const answer = await post(sent, payload)
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.json()).toEqual({ status: 400, title: expect.stringMatching(/^Expected/) })
  expect(answer.body).not.toContain('secret')
  expect(handled).toEqual([])
})

test('a body of 1 MiB is accepted, a larger one is 413', async () => {
  const { post } = makeServer()
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
])('the response is %d if the task throws %p', async (status, error, title) => {
  const { post } = makeServer(() => Promise.reject(error))
  const answer = await post(headers, body)
  expect([answer.statusCode, answer.json()]).toEqual([status, { status, title }])
  expect(answer.body).not.toContain('xyzzy')
})

test('closing waits for the delivery in flight', async () => {
  const [begun, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { app } = makeServer(() => {
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

test('while deliveries cannot succeed, readiness fails with the reason and liveness succeeds', async () => {
  const { app } = makeServer(undefined, { ready: () => 'Redis is away', notes: () => ({ a: 'b' }) })
  expect((await app.inject('/health/liveness')).statusCode).toBe(200)
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'down', problem: 'Redis is away' },
  ])
})

test('notes for operators do not make the function unready', async () => {
  const notes = { 'student-data': 'The sheet is protected' }
  const { app } = makeServer(undefined, { notes: () => notes })
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'up', notes }])
})

test('an attribute of 500 kB is delivered, one of more than 1 MiB is refused', async () => {
  const handled: FormEvent[] = []
  const { app } = makeServer(async (delivered) => {
    handled.push(delivered)
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const agent = new Agent()
  const send = (note: string) =>
    httpPost({ url, agent, deadline: 5000 }, { headers: { ...headers, 'ce-note': note }, body })
  expect(await send('x'.repeat(500_000))).toBe(204)
  expect(await send('x'.repeat(1_100_000))).toBe(431)
  expect(handled.map(({ note }) => String(note).length)).toEqual([500_000])
  agent.destroy()
})
