// What others wrote into an event, or as the name of a field, comes into no log, message or terminal as it is.
import { expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { toDeadLetter } from '../../local/knative/replay/dead-letter.ts'
import { record, startTestSource } from '../../local/knative/source/source.fixture.ts'
import { openSink } from '../dead-letter/sink.ts'
import type { Task } from './define-task.ts'
import { deliver } from './deliver.ts'
import { Rejected, RetryLater } from './errors.ts'
import { givenLog, silent, submittedEvent, wireOf } from './events.fixture.ts'
import { formOf } from './forms/form.fixture.ts'
import { answerer } from './handle-delivery.ts'

const odd = [
  'a\u001b[2J\u001b]0;x\u0007',
  '\u202egnp.exe\u2066',
  'a\u0085b\u200bc\ufeff',
  'x'.repeat(5_000),
  '😀'.repeat(400),
]

/** Of a whole line: JSON writes controls as escapes, a terminal gets them from what prints the text. */
function expectPlain(said: unknown): void {
  const text = typeof said === 'string' ? said : JSON.stringify(said)
  expect(text.match(/[\p{Cc}\p{Cf}\p{Cs}]|\\u00[01]/gu)).toBeNull()
  expect(text.isWellFormed()).toBe(true)
  expect(text.length).toBeLessThan(3_000)
}

test.each(odd)('the log of a function: an event with the id and the form %j', async (text) => {
  const faults = [new Rejected('no'), new RetryLater('later'), new Error('fault')]
  for (const fault of faults) {
    const { log, lines } = givenLog()
    const answer = answerer({ deliver: () => Promise.reject(fault), log })
    const { headers, body } = wireOf(submittedEvent({ id: text, form: text }))
    await answer(headers, body)
    expect(lines()).toMatchObject([{ event: expect.any(String), form: expect.any(String) }])
    expectPlain(lines())
  }
})

test.each(odd)('what a delivery says of the form %j', async (text) => {
  const task = { name: 'a', on: { type: submittedEvent().type } } as unknown as Task
  const runtimes = [
    { get: () => undefined },
    { get: () => undefined, wrong: () => ({ file: 'a', line: 1, path: '', message: 'wrong' }) },
  ]
  for (const forms of runtimes) {
    const runtime = { forms, clients: {}, publish: async () => {}, log: silent }
    const said = await deliver(task, submittedEvent({ form: text }), runtime).catch(
      ({ message }: Error) => message,
    )
    expect(said).toMatch(/[Ff]orm "/)
    expectPlain(said)
  }
})

test.each(odd)('the log of a source, and of the dead letters: the id %j', async (text) => {
  const { log, lines } = givenLog()
  let fails = 1
  const append = async () => {
    if (fails-- > 0) throw new Error('full')
  }
  const { handOut } = await startTestSource([422], { logger: log, append })
  await handOut({ ...record, ...wireOf(submittedEvent({ id: text })) })
  expect(lines()).toMatchObject([
    { msg: 'dead letter' },
    { msg: 'dead letters are not written yet' },
  ])
  expectPlain(lines())

  const closed = givenLog()
  const sink = openSink({
    url: 'http://127.0.0.1:1/',
    log: closed.log,
    count: () => {},
    patience: 0,
    pause: 1,
  })
  await sink.publish(wireOf(submittedEvent({ id: text })))
  sink.close()
  expect(closed.lines()).toMatchObject([{ msg: 'dead letter not written' }])
  expectPlain(closed.lines())
})

test.each(odd)('why a letter is dead: %j', (text) => {
  const letter = submittedEvent().cloneWith({
    knativeerrordest: 'http://a.localhost/',
    knativeerrorcode: '500',
    knativeerrordata: Buffer.from(text).toString('base64'),
  }) as FormEvent
  expectPlain(toDeadLetter({ ...record, ...wireOf(letter) }).reason)
})

test.each([...odd, '\ud83d', `${'x'.repeat(63)}😀😀`])('an answer to the field %j', (name) => {
  const result = formOf({ a: '{ type: text, required: false }' }).parse({ [name]: 'x' })
  expect(result.ok).toBe(false)
  const [said = ''] = Object.keys(result.ok ? {} : result.errors)
  expect(said).not.toBe('')
  expectPlain(said)
})
