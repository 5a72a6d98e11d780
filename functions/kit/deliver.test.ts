import { expect, jest, test } from '@jest/globals'
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionRefused, submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { defineTask } from './define-task.ts'
import { deliver, type Runtime } from './deliver.ts'
import { Rejected, RetryLater } from './errors.ts'
import { demoForm, eventOf, silent, submittedEvent, wireOf } from './events.fixture.ts'
import { readEvent } from './http/read-event.ts'
import { WrongFormSlots } from './wrong-form-slots.ts'

interface Handled {
  options: unknown
  data: unknown
  form: string
}

function makeEcho(tasks: Record<string, unknown> = { echo: { loud: true } }) {
  const handled: Handled[] = []
  const published: FormEvent[] = []
  const task = defineTask({
    name: 'echo',
    on: submissionSubmitted,
    emits: [submissionValidated, submissionRefused],
    options: z.strictObject({ loud: z.boolean().default(false) }),
    async handle({ event, form, options }) {
      handled.push({ options, data: event.data, form: form.id })
      return [
        submissionRefused({ version: 'v', errors: {} }),
        submissionValidated({ version: 'v', answers: { item1: 'a' } }),
      ]
    },
  })
  const form = demoForm(tasks)
  const runtime: Runtime = {
    forms: { get: (id) => (id === form.id ? form : undefined) },
    clients: {},
    publish: async (event) => void published.push(event),
    log: silent,
  }
  return { task, runtime, handled, published }
}

/** An event of another producer, without the extension `form`. */
function formless(event: FormEvent): FormEvent {
  const { headers, body } = wireOf(event)
  const { 'ce-form': _, ...others } = headers
  return readEvent(others, body)
}

test('a task handles its event once, with the options of the form', async () => {
  const { task, runtime, handled } = makeEcho()
  await deliver(task, submittedEvent(), runtime)
  const data = { answers: { item1: 'a' } }
  expect(handled).toEqual([{ options: { loud: true }, data, form: 'demo' }])
})

test('an event older than the maxAge of its task is not handled', async () => {
  const { task, runtime, handled } = makeEcho()
  const receive = (age: number) => {
    const time = new Date(Date.now() - age * 1000).toISOString()
    return deliver({ ...task, maxAge: 60 }, submittedEvent({ time }), runtime)
  }
  expect([await receive(90), await receive(30)]).toEqual(['expired', 'done'])
  expect(handled).toHaveLength(1)
})

test('follow-on events derive from their cause, so a redelivery repeats them', async () => {
  const { task, runtime, published } = makeEcho()
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const cause = submittedEvent({ id: 'c-1', traceparent })
  await deliver(task, cause, runtime)
  const common = {
    source: '/tasks/echo',
    subject: 's-1',
    time: cause.time,
    form: 'demo',
    partitionkey: 's-1',
    traceparent,
  }
  expect(published).toMatchObject([
    { ...common, id: 'c-1.echo.0', type: 'formstream.submission.refused' },
    { ...common, id: 'c-1.echo.1', type: 'formstream.submission.validated' },
  ])
  await deliver(task, cause, runtime)
  expect(published.slice(2)).toEqual(published.slice(0, 2))
})

test('if the cause has no subject, its id is the subject of the follow-on events', async () => {
  const { task, runtime, published } = makeEcho()
  const foreign = { ...submittedEvent(), id: 'f-1', subject: undefined }
  await deliver(task, foreign, runtime)
  expect(published.map(({ subject, partitionkey }) => [subject, partitionkey])).toEqual(
    Array(2).fill(['f-1', 'f-1']),
  )
})

test('a delivery is done only when all of its events are published', async () => {
  const { task, runtime } = makeEcho()
  const written = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const begun = Promise.withResolvers<void>()
  let [calls, done] = [0, false]
  const publish = () => {
    if (calls === 1) begun.resolve()
    return written[calls++]!.promise
  }
  const delivery = deliver(task, submittedEvent(), { ...runtime, publish }).then(() => {
    done = true
  })
  await begun.promise
  written[1]?.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(done).toBe(false)
  written[0]?.resolve()
  await delivery
})

test('a delivery whose event cannot be published is retried', async () => {
  const { task, runtime } = makeEcho()
  const cause = new Error('the sink is away')
  const publish = ({ id }: FormEvent) =>
    id.endsWith('.1') ? Promise.reject(cause) : Promise.resolve()
  const delivery = deliver(task, submittedEvent(), { ...runtime, publish })
  await expect(delivery).rejects.toMatchObject({ name: 'RetryLater', cause })
})

test('events of other types and of forms that do not list the task are acknowledged without being handled', async () => {
  const { task, runtime, handled, published } = makeEcho({})
  const other = eventOf(submissionValidated({ version: 'v', answers: {} })) as FormEvent
  await deliver(task, other, runtime)
  await deliver(task, formless(other), runtime)
  await deliver(task, submittedEvent(), runtime)
  expect([handled, published]).toEqual([[], []])
})

test('a plain record is rejected, not skipped, by a task that does not read submissions', async () => {
  const { task, runtime, handled } = makeEcho()
  const reading = { ...task, on: [submissionValidated] }
  const record = { ...submittedEvent(), type: 'dev.knative.kafka.event' }
  const refusal = new Rejected(
    'Expected events on forms.validated, found a record without the headers of a CloudEvent',
  )
  await expect(deliver(reading, record, runtime)).rejects.toThrow(refusal)
  expect(handled).toEqual([])
})

test('a task of every form runs without being listed, with its default options', async () => {
  const { task, runtime, handled } = makeEcho({})
  await deliver({ ...task, everyForm: true }, submittedEvent(), runtime)
  expect(handled).toMatchObject([{ options: { loud: false } }])
  const listed = makeEcho()
  await deliver({ ...listed.task, everyForm: true }, submittedEvent(), listed.runtime)
  expect(listed.handled).toMatchObject([{ options: { loud: true } }])
})

test('an unknown form is retried for a while, then rejected; an event without a form is rejected at once', async () => {
  const { task, runtime } = makeEcho()
  const started = jest.spyOn(process, 'uptime').mockReturnValue(600)
  const event = submittedEvent({ form: 'new', time: new Date().toISOString() })
  const yet = new RetryLater('Form "new" is not known here yet')
  await expect(deliver(task, event, runtime)).rejects.toThrow(yet)
  const late = deliver(task, submittedEvent({ form: 'new' }), runtime)
  await expect(late).rejects.toThrow(new Rejected('Form "new" is not known here'))
  started.mockReturnValue(1)
  await expect(deliver(task, submittedEvent({ form: 'new' }), runtime)).rejects.toThrow(yet)
  started.mockRestore()
  await expect(deliver(task, formless(submittedEvent()), runtime)).rejects.toThrow(Rejected)
})

const problem = { file: 'demo.yaml', line: 3, path: 'title', message: 'is wrong' }

test('an event of a wrong form waits, however old it is, and is handled once the form is corrected', async () => {
  const { task, runtime, handled } = makeEcho()
  const wrongFormSlots = new WrongFormSlots()
  const broken = {
    ...runtime,
    wrongFormSlots,
    forms: { get: () => undefined, wrong: () => problem },
  }
  const delivery = deliver(task, submittedEvent(), broken)
  await expect(delivery).rejects.toThrow(RetryLater)
  await expect(delivery).rejects.toThrow(/the form "demo" is wrong/)
  await deliver(task, submittedEvent(), { ...runtime, wrongFormSlots })
  expect(handled).toHaveLength(1)
})

test('at most 25 events of wrong forms wait; the others become dead letters', async () => {
  const { task, runtime } = makeEcho()
  const wrongFormSlots = new WrongFormSlots()
  const broken = {
    ...runtime,
    wrongFormSlots,
    forms: { get: () => undefined, wrong: () => problem },
  }
  const come = (id: string) =>
    deliver(task, submittedEvent({ id }), broken).catch(({ name }: Error) => name)
  const first = await Promise.all(Array.from({ length: 25 }, (_, n) => come(`e-${n}`)))
  expect([first, await come('e-25'), await come('e-0')]).toEqual([
    Array(25).fill('RetryLater'),
    'Rejected',
    'RetryLater',
  ])
  await deliver(task, submittedEvent({ id: 'e-3' }), { ...runtime, wrongFormSlots })
  expect([await come('e-26'), await come('e-27')]).toEqual(['RetryLater', 'Rejected'])
})

test('an event that is not delivered again loses its slot', () => {
  const wrongFormSlots = new WrongFormSlots()
  for (let n = 0; n < 25; n++) wrongFormSlots.take(`e-${n}`, n)
  expect([wrongFormSlots.take('late', 300_000), wrongFormSlots.take('later', 300_001)]).toEqual([
    false,
    true,
  ])
})

test('the time of an event from the future is replaced by now', async () => {
  const { task, runtime, published } = makeEcho()
  const before = Date.now()
  await deliver(task, submittedEvent({ time: '9999-01-01T00:00:00.000Z' }), runtime)
  for (const { time } of published) {
    expect(Date.parse(time ?? '')).toBeGreaterThanOrEqual(before)
    expect(Date.parse(time ?? '')).toBeLessThanOrEqual(Date.now())
  }
  expect(published).toHaveLength(2)
})

test.each([
  ['from the future', '9999-01-01T00:00:00.000Z'],
  ['without a clock', '1970-01-01T00:00:00.000Z'],
  ['of a second that no clock here has', '2016-12-31T23:59:60Z'],
])('an event %s does not wait for its form forever', async (_, time) => {
  const { task, runtime } = makeEcho()
  const started = jest.spyOn(process, 'uptime').mockReturnValue(600)
  const delivery = deliver(task, submittedEvent({ form: 'gone', time }), runtime)
  await expect(delivery).rejects.toThrow(new Rejected('Form "gone" is not known here'))
  started.mockRestore()
})

test.each([
  [undefined],
  [null],
  ['text'],
  [{}],
  [{ answers: 'secret' }],
  [{ answers: ['secret'] }],
])(
  'data %j that does not fit its schema is rejected, and the message does not quote it',
  async (data) => {
    const { task, runtime, handled } = makeEcho()
    const event = { ...submittedEvent(), data }
    const delivery = deliver(task, event, runtime)
    await expect(delivery).rejects.toThrow(Rejected)
    await expect(delivery).rejects.toThrow(/^Expected the data of formstream.submission.submitted/)
    await expect(delivery).rejects.not.toThrow(/secret/)
    expect(handled).toEqual([])
  },
)

test('an error of the task is passed on unchanged, and nothing is published', async () => {
  const { task, runtime, published } = makeEcho()
  for (const error of [new Rejected('no'), new RetryLater('not now'), new Error('a fault')]) {
    const failing = { ...task, handle: () => Promise.reject(error) }
    await expect(deliver(failing, submittedEvent(), runtime)).rejects.toBe(error)
  }
  expect(published).toEqual([])
})

test('a draft that does not fit its schema is rejected, and nothing is published', async () => {
  const { task, runtime, published } = makeEcho()
  const wrong = { of: submissionValidated, data: { version: '' } }
  const failing = { ...task, handle: async () => [wrong] }
  const error = await deliver(failing, submittedEvent(), runtime).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(Rejected)
  expect(published).toEqual([])
})
