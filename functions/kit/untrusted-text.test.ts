// Text of events and names of unknown fields are escaped and shortened in logs, messages and terminals.
import { expect, test } from '@jest/globals'
import { toDeadLetter } from '../../local/knative/replay/dead-letter.ts'
import { record, startTestSource } from '../../local/knative/source/source.fixture.ts'
import { openSink } from '../dead-letter/sink.ts'
import type { AnyTask } from './define-task.ts'
import { deliver } from './deliver.ts'
import { Rejected, RetryLater } from './errors.ts'
import { makeLog, silent, submittedEvent, wireOf } from './events.fixture.ts'
import { formOf } from './forms/form.fixture.ts'
import { deliveryHandler } from './handle-delivery.ts'

const odd = [
  'a\u001b[2J\u001b]0;x\u0007',
  '\u202egnp.exe\u2066',
  'a\u0085b\u200bc\ufeff',
  'x'.repeat(5_000),
  '😀'.repeat(400),
]

/** JSON escapes control characters; in a terminal they would reach whoever prints the text. */
function expectPlain(output: unknown): void {
  const text = typeof output === 'string' ? output : JSON.stringify(output)
  expect(text.match(/[\p{Cc}\p{Cf}\p{Cs}]|\\u00[01]/gu)).toBeNull()
  expect(text.isWellFormed()).toBe(true)
  expect(text.length).toBeLessThan(3_000)
}

test.each(odd)('a function logs the id and the form %j escaped', async (text) => {
  const faults = [new Rejected('no'), new RetryLater('later'), new Error('fault')]
  for (const fault of faults) {
    const { log, lines } = makeLog()
    const answer = deliveryHandler({ deliver: () => Promise.reject(fault), log })
    const { headers, body } = wireOf(submittedEvent({ id: text, form: text }))
    await answer(headers, body)
    expect(lines()).toMatchObject([{ event: expect.any(String), form: expect.any(String) }])
    expectPlain(lines())
  }
})

test.each(odd)('the error of a delivery contains the form %j escaped', async (text) => {
  const task = { name: 'a', on: [{ type: submittedEvent().type }] } as unknown as AnyTask
  const runtimes = [
    { get: () => undefined },
    { get: () => undefined, wrong: () => ({ file: 'a', line: 1, path: '', message: 'wrong' }) },
  ]
  for (const forms of runtimes) {
    const runtime = { forms, clients: {}, publish: async () => {}, log: silent }
    const message = await deliver(task, submittedEvent({ form: text }), runtime).catch(
      ({ message }: Error) => message,
    )
    expect(message).toMatch(/[Ff]orm "/)
    expectPlain(message)
  }
})

test.each(odd)('the source and the dead-letter sink log the id %j escaped', async (text) => {
  const { log, lines } = makeLog()
  let fails = 1
  const append = async () => {
    if (fails-- > 0) throw new Error('full')
  }
  const { handOut } = await startTestSource([422], { logger: log, append })
  await handOut({ ...record, ...wireOf(submittedEvent({ id: text })) })
  expect(lines()).toMatchObject([{ msg: 'dead letter' }, { msg: 'dead letters cannot be written' }])
  expectPlain(lines())

  const closed = makeLog()
  const sink = openSink({
    url: 'http://127.0.0.1:1/',
    log: closed.log,
    count: () => {},
    timeLimit: 0,
    pause: 1,
  })
  await sink.publish(wireOf(submittedEvent({ id: text })))
  sink.close()
  expect(closed.lines()).toMatchObject([{ msg: 'dead letter not written' }])
  expectPlain(closed.lines())
})

test.each(odd)('the reason %j of a dead letter is escaped', (text) => {
  const letter = {
    ...submittedEvent(),
    knativeerrordest: 'http://a.localhost/',
    knativeerrorcode: '500',
    knativeerrordata: Buffer.from(text).toString('base64'),
  }
  expectPlain(toDeadLetter({ ...record, ...wireOf(letter) }).reason)
})

test.each([...odd, '\ud83d', `${'x'.repeat(63)}😀😀`])(
  'the error for the unknown field %j contains its name escaped',
  (name) => {
    const result = formOf({ a: '{ type: text, required: false }' }).parse({ [name]: 'x' })
    expect(result.ok).toBe(false)
    const [key = ''] = Object.keys(result.ok ? {} : result.errors)
    expect(key).not.toBe('')
    expectPlain(key)
  },
)
