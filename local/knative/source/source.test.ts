import { Writable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { pino } from 'pino'
import { formOf, type KeyedMessage, sizeOf } from '#kafka/binary-mode.ts'
import { LogUnavailable, TooLarge } from '#kafka/log/port.ts'
import { makeLog } from '#kit/events.fixture.ts'
import { errorOf, fastRules, record, startTestSource } from './source.fixture.ts'

test('a source reads its topic from the beginning, as the group of its task', async () => {
  const { subscription, source } = await startTestSource([204])
  expect(subscription).toMatchObject({
    topic: 'forms.submitted',
    group: 'slang',
    from: 'earliest',
    inFlight: fastRules.open,
  })
  expect(await source.lag()).toBe(5)
})

test('a record is posted with its headers unchanged, and a 2xx response completes it', async () => {
  const { handOut, posted, letters } = await startTestSource([204])
  await handOut()
  expect([posted, letters]).toEqual([[record.headers], []])
})

test.each([404, 408, 409, 429, 500, 503, 'no answer'])(
  'after %p the record is delivered again until it is handled',
  async (outcome) => {
    const { handOut, posted, letters } = await startTestSource([outcome, outcome, 204])
    await handOut()
    expect([posted.length, letters]).toEqual([3, []])
  },
)

test.each([301, 400, 401, 403, 413, 422])(
  'status %d is final: the record becomes a dead letter without a retry',
  async (status) => {
    const { handOut, posted, letters } = await startTestSource([status])
    await handOut()
    expect(posted).toHaveLength(1)
    expect(letters.map(errorOf)).toEqual([
      { dest: 'http://slang.localhost/', code: String(status), data: `answer ${status}` },
    ])
  },
)

test('after the last retry the event becomes a dead letter: the same event with the error', async () => {
  const { handOut, posted, letters } = await startTestSource([503])
  await handOut()
  expect(posted).toHaveLength(1 + fastRules.retries)
  const [topic, event] = letters[0]!
  expect(topic).toBe('forms.dead-letter')
  const { knativeerrordest: _, knativeerrorcode: __, knativeerrordata: ___, ...same } = event
  expect(same).toMatchObject({
    id: record.headers['ce-id'],
    type: record.headers['ce-type'],
    source: record.headers['ce-source'],
    time: record.headers['ce-time'],
    form: 'demo',
    partitionkey: record.headers['ce-partitionkey'],
    traceparent: record.headers['ce-traceparent'],
    data: JSON.parse(record.body),
  })
})

test('without a response the dead letter has code -1 and the error message', async () => {
  const { handOut, letters } = await startTestSource(['socket hang up'], { rules: { retries: 0 } })
  await handOut()
  expect(letters.map(errorOf)).toMatchObject([{ code: '-1', data: 'socket hang up' }])
})

test('a dead letter keeps the first 1,024 bytes of the response', async () => {
  const { handOut, letters } = await startTestSource(['é'.repeat(2000)], { rules: { retries: 0 } })
  await handOut()
  expect(errorOf(letters[0]!).data).toBe('é'.repeat(512))
})

test('each retry waits longer than the one before', async () => {
  const { handOut } = await startTestSource([503, 503, 503, 204], { rules: { delay: 20 } })
  const began = performance.now()
  await handOut()
  // 20 + 40 + 60, minus the milliseconds by which timers may fire early.
  expect(performance.now() - began).toBeGreaterThan(115)
})

test('an event is not completed before its dead letter is durable', async () => {
  let away = 3
  const append = async () => {
    if (away-- > 0) throw new LogUnavailable('away', { begun: false })
  }
  const { handOut, letters, posted } = await startTestSource([422], { append })
  await handOut()
  expect([posted.length, letters.length, away]).toEqual([1, 1, -1])
})

test('a dead letter that cannot be written is logged once, without the data of the event', async () => {
  let away = 1000
  const append = async () => {
    if (away-- > 0) throw new LogUnavailable('The log is away', { begun: false })
  }
  const { log: logger, lines } = makeLog()
  const { handOut } = await startTestSource([422], { append, logger, rules: { delay: 0 } })
  await handOut()
  const letter = { msg: 'dead letter', event: record.headers['ce-id'] }
  const unwritten = { msg: 'dead letters cannot be written', reason: 'The log is away' }
  expect(lines()).toMatchObject([letter, unwritten])
  expect(JSON.stringify(lines())).not.toContain(record.body)
})

test('closing between two attempts leaves the event uncompleted and writes no dead letter', async () => {
  const { handOut, source, posts, posted, letters } = await startTestSource([503], {
    rules: { delay: 60_000 },
  })
  const settled = handOut()
  await Promise.all([
    posts(1),
    expect(settled).rejects.toThrow(/abort/),
    posts(1).then(source.close),
  ])
  expect([posted.length, letters]).toEqual([1, []])
  await expect(handOut()).rejects.toThrow(/abort/)
  expect(posted).toHaveLength(1)
})

test('closing while a dead letter cannot be written leaves the event uncompleted', async () => {
  const tried = Promise.withResolvers<void>()
  const append = () => {
    tried.resolve()
    return Promise.reject(new LogUnavailable('away', { begun: false }))
  }
  const { handOut, source, letters } = await startTestSource([422], {
    append,
    rules: { delay: 60_000 },
  })
  const settled = handOut()
  await Promise.all([expect(settled).rejects.toThrow(/abort/), tried.promise.then(source.close)])
  expect(letters).toEqual([])
})

test('a record can be delivered by hand with fewer retries; the result tells whether it was handled', async () => {
  const { source, posted, letters } = await startTestSource([503, 503, 204, 503])
  expect(await source.deliver(record, 2)).toBe(true)
  expect(await source.deliver(record, 1)).toBe(false)
  expect([posted.length, letters.length]).toEqual([5, 1])
})

test('a record that is not a valid event becomes a dead letter with its content unchanged', async () => {
  const { source, letters } = await startTestSource([400])
  const broken = { headers: { 'ce-id': 'a', 'content-type': 'application/json' }, body: '{' }
  expect(await source.deliver(broken)).toBe(false)
  const [[topic, letter] = []] = letters
  expect(topic).toBe('forms.dead-letter')
  expect(letter).toMatchObject({ type: 'formstream.record.unreadable', data: broken })
})

test('a record that waits for its next attempt can be skipped by hand: it becomes a dead letter and is completed', async () => {
  const { source, handOut, posts, letters, skips } = await startTestSource([503], {
    rules: { delay: 60_000 },
  })
  const settled = handOut()
  await posts(1)
  await source.skip(record)
  await settled
  expect(letters.map(errorOf)).toEqual([
    { dest: 'http://slang.localhost/', code: '-1', data: 'Skipped by hand' },
  ])
  expect(letters[0]?.[1].id).toBe(record.headers['ce-id'])
  expect(skips).toEqual([])
})

test('a record at which the consumer stopped can be skipped: it continues behind the record, and a dead letter has its position', async () => {
  const { source, letters, skips } = await startTestSource([204])
  await source.skip({ topic: 'forms.submitted', partition: 2, offset: 40 })
  expect(skips).toEqual([[2, 40]])
  expect(letters.map(errorOf)).toMatchObject([{ code: '-1', data: 'Skipped by hand' }])
  expect(letters[0]?.[1].data).toMatchObject({
    record: { topic: 'forms.submitted', partition: 2, offset: 40 },
  })
})

test('the dead letter of a skipped record is written before the offset is committed', async () => {
  let away = true
  const tried = Promise.withResolvers<void>()
  const append = () => {
    if (!away) return Promise.resolve()
    tried.resolve()
    return Promise.reject(new LogUnavailable('away', { begun: false }))
  }
  const { source, letters, skips } = await startTestSource([204], { append })
  const skipping = source.skip({ topic: 'forms.submitted', partition: 2, offset: 40 })
  await tried.promise
  expect(skips).toEqual([])
  away = false
  await skipping
  expect([letters.length, skips]).toEqual([1, [[2, 40]]])
})

test('a record that is skipped twice has the same dead letter id both times', async () => {
  const { source, letters } = await startTestSource([204])
  await source.skip({ topic: 'forms.submitted', partition: 2, offset: 40 })
  await source.skip({ topic: 'forms.submitted', partition: 2, offset: 40 })
  const [first, second] = letters.map(([, { id }]) => id)
  expect(second).toBe(first)
})

test('if the consumer is not at the record to be skipped, no dead letter is written', async () => {
  const { source, letters } = await startTestSource([204], { refuseSkip: true })
  await expect(source.skip({ topic: 'forms.submitted', partition: 2, offset: 40 })).rejects.toThrow(
    'not at this record',
  )
  expect(letters).toEqual([])
})

test('a consumer problem is logged once, and its end once', async () => {
  const logged: string[] = []
  const lines = new Writable({
    write(line, _encoding, done) {
      const { msg, problem } = JSON.parse(String(line))
      logged.push([msg, problem].join(': '))
      done()
    },
  })
  const { source, subscription } = await startTestSource([204], { logger: pino(lines) })
  expect(source.problem()).toBeUndefined()
  for (const problem of [undefined, 'not authorized', 'not authorized', 'no broker']) {
    subscription.onProblem?.(problem)
  }
  expect(source.problem()).toBe('no broker')
  subscription.onProblem?.()
  subscription.onProblem?.()
  expect(source.problem()).toBeUndefined()
  subscription.onProblem?.('not authorized')
  expect(logged).toEqual([
    'not receiving events: not authorized',
    'receiving events again: ',
    'not receiving events: not authorized',
  ])
})

test('a dead letter has the body byte for byte', async () => {
  const { source, letters } = await startTestSource([422])
  const body = '{"answers":{"item1":12345678901234567,"item2":"\\u0905"}}'
  expect(await source.deliver({ ...record, body })).toBe(false)
  expect(letters).toMatchObject([['forms.dead-letter', {}, { body }]])
})

test('a body that is not UTF-8 is posted unchanged, and kept in the dead letter as base64', async () => {
  const bytes = Buffer.from([0xe9, 0x22, 0xff])
  const { source, letters, bodies } = await startTestSource([400])
  expect(await source.deliver({ ...record, body: '\ufffd"\ufffd', bytes })).toBe(false)
  expect(bodies).toEqual([bytes])
  expect(letters[0]?.[1]).toMatchObject({
    type: 'formstream.record.unreadable',
    data: {
      body: bytes.toString('base64'),
      encoding: 'base64',
      record: { topic: 'forms.submitted', partition: 3, offset: 7 },
    },
  })
})

test('a letter that is too large for its topic is cut until it fits', async () => {
  const most = 20_000
  const sizes: number[] = []
  const append = async (message: KeyedMessage) => {
    sizes.push(sizeOf(message))
    if ((sizes.at(-1) ?? 0) > most) throw new TooLarge('no')
  }
  const { handOut, letters } = await startTestSource([422], { append })
  await handOut({ ...record, body: JSON.stringify('x'.repeat(900_000)) })
  expect(letters).toHaveLength(1)
  expect(sizes.length).toBeGreaterThan(1)
  expect(letters[0]?.[1].data).toMatchObject({ complete: false, length: 900_002 })
})

const ofForm = (form: string, offset: number) => ({
  ...record,
  offset,
  headers: { ...record.headers, 'ce-form': form },
})

test('while dead letters cannot be written, the problem has their number and the reason; later each is written once under its id', async () => {
  let full = true
  const append = async () => {
    if (full) throw new LogUnavailable('The topic is full', { begun: false })
  }
  const { source, handOut, letters, posts } = await startTestSource([422], { append })
  const settled = Array.from({ length: 130 }, (_, n) =>
    handOut({
      ...ofForm('poison', n),
      headers: { ...record.headers, 'ce-form': 'poison', 'ce-id': `${n}` },
    }),
  )
  await posts(130)
  while (source.lettersWaiting() < 130) await new Promise((resolve) => setImmediate(resolve))
  expect(source.problem()).toBe('dead letters cannot be written: The topic is full; 130 wait')
  full = false
  await Promise.all(settled)
  expect([source.lettersWaiting(), source.problem()]).toEqual([0, undefined])
  const ids = letters.map(([, { id }]) => id)
  expect(ids.toSorted()).toEqual(Array.from({ length: 130 }, (_, n) => `${n}`).toSorted())
})

test('dead letters of one form that cannot be written do not delay other forms', async () => {
  const append = async (message: KeyedMessage) => {
    if (formOf(message) === 'poison')
      throw new LogUnavailable('Its share is full', { begun: false })
  }
  const { source, handOut, letters, posts, posted } = await startTestSource([422], {
    append,
    rules: { inFlight: 2 },
  })
  const poison = Array.from({ length: 130 }, (_, n) => handOut(ofForm('poison', n)))
  await posts(130)
  await handOut(ofForm('quiet', 1000))
  expect([posted.length, letters.map(([, { form }]) => form)]).toEqual([131, ['quiet']])
  const closed = Promise.allSettled(poison)
  await source.close()
  expect((await closed).every(({ status }) => status === 'rejected')).toBe(true)
  expect(source.lettersWaiting()).toBe(0)
})

test('events that wait for their next attempt hold no slot', async () => {
  const { source, handOut, posts } = await startTestSource([...Array(50).fill(503), 204], {
    rules: { delay: 60_000, inFlight: 1 },
  })
  const retried = Array.from({ length: 50 }, (_, n) => handOut(ofForm('retried', n)))
  await posts(50)
  await handOut(ofForm('quiet', 1000))
  const closed = Promise.allSettled(retried)
  await source.close()
  await closed
})

test('a form whose deliveries hang does not delay the events of other forms', async () => {
  const answers = Promise.withResolvers<number>()
  const { handOut, posted, posts } = await startTestSource(
    [...Array(2).fill(answers.promise), 204],
    {
      rules: { inFlight: 2 },
    },
  )
  const hanging = Array.from({ length: 20 }, (_, n) => handOut(ofForm('hanging', n)))
  await posts(2)
  await handOut(ofForm('quiet', 1000))
  expect(posted.map((headers) => headers['ce-form'])).toEqual(['hanging', 'hanging', 'quiet'])
  answers.resolve(204)
  await Promise.all(hanging)
})
