// Accepted submissions: response, id and event.
import { expect, test } from '@jest/globals'
import { makeApp } from './app.fixture.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('a submission is answered with 202 and its id once it is durable, not before', async () => {
  const [begun, durable] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const append = () => {
    begun.resolve()
    return durable.promise
  }
  const { post } = await makeApp({ append })
  let answered = false
  const answer = post('/forms/demo', { item1: 'a' }).finally(() => {
    answered = true
  })
  await begun.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  durable.resolve()
  expect((await answer).statusCode).toBe(202)
  expect((await answer).json()).toEqual({ id: expect.stringMatching(uuid), status: 'accepted' })
})

test("the event has the normalised answers, the form and the submission's id", async () => {
  const { post, appended } = await makeApp()
  const { id } = (await post('/forms/demo', { age: '42', item1: '  a  b ' })).json()
  const [[topic, event] = []] = appended
  expect(topic).toBe('forms.submitted')
  expect(event).toMatchObject({
    id,
    type: 'formstream.submission.submitted',
    source: '/forms/demo',
    subject: id,
    form: 'demo',
    partitionkey: id,
    data: { version: expect.stringMatching(/^[0-9a-f]{12}$/), answers: { item1: 'a  b', age: 42 } },
  })
  expect(Math.abs(Date.parse(event?.time ?? '') - Date.now())).toBeLessThan(10_000)
})

test('a form is reached at its second address with and without a trailing slash', async () => {
  const { post, appended } = await makeApp()
  for (const url of ['/student-data-form/', '/student-data-form', '/student-data-form/?a=b']) {
    expect([url, (await post(url, { name: 'Ann' })).statusCode]).toEqual([url, 202])
  }
  expect(appended.map(([, { source }]) => source)).toEqual(Array(3).fill('/forms/student-data'))
})

test('a member whose name begins with _ is removed before the check', async () => {
  const { post, appended } = await makeApp()
  expect((await post('/forms/demo', { item1: 'a', _token: 'x' })).statusCode).toBe(202)
  expect(appended[0]?.[1].data).toMatchObject({ answers: { item1: 'a' } })
  expect(JSON.stringify(appended)).not.toContain('_token')
})

test('without a key each request is its own submission, and ids are ordered by time', async () => {
  const { post } = await makeApp()
  const answers = [
    await post('/forms/demo', { item1: 'a' }),
    await post('/forms/demo', { item1: 'a' }),
  ]
  const ids: string[] = answers.map((answer) => answer.json().id)
  expect(new Set(ids).size).toBe(2)
  expect(ids.map((id) => id[14])).toEqual(['7', '7'])
})

test('the same key and answers are the same submission, whatever their order and spelling', async () => {
  const { post } = await makeApp()
  const key = { 'idempotency-key': 'order 7' }
  const bodies = [
    { item1: 'a', age: 1 },
    { age: '1', item1: ' a ' },
    { item1: 'a', age: 1, _t: 2 },
  ]
  const ids = await Promise.all(
    bodies.map(async (body) => (await post('/forms/demo', body, key)).json().id),
  )
  expect(new Set(ids).size).toBe(1)
})

test('the same key with other answers, or another key, is another submission', async () => {
  const { post } = await makeApp()
  const sent: [string, string][] = [
    ['a', 'order 7'],
    ['b', 'order 7'],
    ['a', 'order 8'],
  ]
  const ids = await Promise.all(
    sent.map(
      async ([item1, key]) =>
        (await post('/forms/demo', { item1 }, { 'idempotency-key': key })).json().id,
    ),
  )
  expect(new Set(ids).size).toBe(3)
})

test('a traceparent is kept; a wrong one is replaced by a new one', async () => {
  const { post, appended } = await makeApp()
  const good = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  await post('/forms/demo', { item1: 'a' }, { traceparent: good })
  for (const traceparent of ['', 'x', good.toUpperCase(), `${good}-00`]) {
    await post('/forms/demo', { item1: 'a' }, { traceparent })
  }
  const [first, ...made] = appended.map(([, event]) => event.traceparent)
  expect(first).toBe(good)
  for (const one of made) expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(new Set(made).size).toBe(4)
})

test('readiness names the tasks that receive no events, with the reason', async () => {
  let problems = {}
  const { app } = await makeApp({ problems: () => problems })
  expect((await app.inject('/health/readiness')).statusCode).toBe(200)
  problems = { slang: 'no right' }
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'down', tasks: problems }])
})

test('readiness follows the log, liveness does not', async () => {
  let ready = false
  const { app } = await makeApp({ ready: () => ready })
  const get = async (url: string) => {
    const answer = await app.inject(url)
    return [answer.statusCode, answer.json()]
  }
  expect(await get('/health/readiness')).toEqual([503, { status: 'down' }])
  expect(await get('/health/liveness')).toEqual([200, { status: 'up' }])
  ready = true
  expect(await get('/health/readiness')).toEqual([200, { status: 'up' }])
})
