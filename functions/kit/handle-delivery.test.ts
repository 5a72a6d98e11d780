// The log of failed deliveries: few lines, however many fail, and no answers.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { submissionSubmitted } from '#kafka/events.ts'
import { Rejected, RetryLater } from './errors.ts'
import { eventOf, makeLog, wireOf } from './events.fixture.ts'
import { deliveryHandler } from './handle-delivery.ts'

const secret = 'xyzzy'
const { headers, body } = wireOf(eventOf(submissionSubmitted({ answers: { item1: secret } })))

const faults: Record<string, () => unknown> = {
  'a fault of JSON.parse': () => JSON.parse(`{"item1":${secret}}`),
  'a fault of zod': () => z.literal(`a ${secret}`).parse(secret),
  'a fault of a database': () => {
    throw Object.assign(new Error(`Key (name)=(${secret}) exists`), {
      detail: secret,
      code: '23505',
    })
  },
  'a fault of an HTTP client': () => {
    throw Object.assign(new Error(`Invalid value ${secret}`), {
      config: { data: { values: [[secret]] } },
      response: { data: secret },
    })
  },
  'a thrown value that is not an error': () => {
    throw { secret }
  },
  'RetryLater because of a fault': () => {
    throw new RetryLater('Not now', { cause: new Error(`refused ${secret}`) })
  },
}

test.each(Object.entries(faults))(
  '%s does not bring an answer into the log',
  async (_what, fault) => {
    const { log, lines } = makeLog()
    const answer = deliveryHandler({ deliver: async () => fault(), log })
    const { status, body: response } = await answer(headers, body)
    expect([500, 503]).toContain(status)
    expect(response).not.toContain(secret)
    expect(lines()).toMatchObject([{ event: 's-1', form: 'demo', reason: expect.any(String) }])
    expect(JSON.stringify(lines())).not.toContain(secret)
  },
)

test.each([
  ['broken JSON', headers, `{"answers":{"item1":"${secret}"`],
  ['broken JSON of a structured event', { 'content-type': 'application/cloudevents+json' }, secret],
  ['no event', { 'content-type': 'application/json' }, `{"item1":"${secret}"}`],
  ['an invalid time', { ...headers, 'ce-time': secret }, body],
])('nothing of %s is logged', async (_what, sent, text) => {
  const { log, lines } = makeLog()
  const answer = deliveryHandler({ deliver: async () => {}, log })
  expect((await answer(sent, text)).status).toBe(400)
  expect(JSON.stringify(lines())).not.toContain(secret)
})

test.each([
  ['RetryLater', new RetryLater('The sink is away')],
  ['a fault', new Error('broken')],
])('15,000 deliveries that end with %s are one line of the log', async (_what, error) => {
  const { log, lines } = makeLog()
  const answer = deliveryHandler({ deliver: () => Promise.reject(error), log })
  for (let n = 0; n < 15_000; n++) await answer(headers, body)
  expect(lines()).toHaveLength(1)
})

test('each rejected event is logged, as it becomes a dead letter', async () => {
  const { log, lines } = makeLog()
  const answer = deliveryHandler({
    deliver: () => Promise.reject(new Rejected('No such tab')),
    log,
  })
  await answer(headers, body)
  await answer(headers, body)
  const line = { level: 40, msg: 'No such tab', event: 's-1', form: 'demo' }
  expect(lines()).toMatchObject([line, line])
})
