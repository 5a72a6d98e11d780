// The metrics of the endpoint.
import { expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { makeApp, type TestApp } from './app.fixture.ts'

async function read({ app }: TestApp, name: string): Promise<string[]> {
  const answer = await app.inject('/metrics')
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  return answer.body.split('\n').filter((line) => line.startsWith(name))
}

const total = 'formstream_submissions_total'

test('submissions are counted by form and outcome, whichever address was used', async () => {
  const endpoint = await makeApp()
  const { post, app } = endpoint
  await post('/forms/demo', { item1: 'a' })
  await post('/forms/student-data', { name: 'Ann' })
  await post('/student-data-form/?a=b', { name: 'Ann' })
  await post('/forms/demo', {})
  await post('/forms/demo', '{')
  await post('/student-data-form', [])
  await post('/forms/demo', { item1: 'a'.repeat(70_000) })
  const payload = 'item1=a'
  await app.inject({
    method: 'POST',
    url: '/forms/demo',
    headers: { 'content-type': 'a/b' },
    payload,
  })
  expect((await read(endpoint, total)).toSorted()).toEqual([
    `${total}{form="demo",outcome="accepted"} 1`,
    `${total}{form="demo",outcome="invalid"} 1`,
    `${total}{form="demo",outcome="malformed"} 3`,
    `${total}{form="student-data",outcome="accepted"} 2`,
    `${total}{form="student-data",outcome="malformed"} 1`,
  ])
})

test('a form that does not exist and another method create no label', async () => {
  const endpoint = await makeApp()
  await endpoint.post('/forms/unknown', { item1: 'a' })
  await endpoint.post('/unknown', '{')
  await endpoint.app.inject({ method: 'PUT', url: '/student-data-form/' })
  await endpoint.app.inject('/forms/demo')
  expect(await read(endpoint, total)).toEqual([])
})

test('a failed append counts as unavailable or fault, and its time is not observed', async () => {
  const errors = [new LogUnavailable('away', { begun: true }), new Error('broken')]
  const append = async () => {
    const error = errors.shift()
    if (error) throw error
  }
  const endpoint = await makeApp({ append })
  for (let n = 0; n < 3; n++) await endpoint.post('/forms/demo', { item1: 'a' })
  expect(await read(endpoint, total)).toEqual([
    `${total}{form="demo",outcome="unavailable"} 1`,
    `${total}{form="demo",outcome="fault"} 1`,
    `${total}{form="demo",outcome="accepted"} 1`,
  ])
  expect(await read(endpoint, 'formstream_append_seconds_count')).toEqual([
    'formstream_append_seconds_count 1',
  ])
})

test('the metrics of the process are served, too', async () => {
  expect(await read(await makeApp(), 'process_cpu_seconds_total')).toHaveLength(1)
})
