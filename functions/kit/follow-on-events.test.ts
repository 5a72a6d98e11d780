// Follow-on events that are emitted during a delivery, or later, after it was acknowledged.
import { expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionRefused, submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { type Cause, defineTask, type Emit } from './define-task.ts'
import { deliver, type Runtime } from './deliver.ts'
import { Rejected, RetryLater } from './errors.ts'
import { demoForm, silent, submittedEvent } from './events.fixture.ts'
import { boundedTime, causeOf, emitter, type Publish } from './follow-on-events.ts'

const drafts = [
  submissionRefused({ version: 'v', errors: {} }),
  submissionValidated({ version: 'v', answers: { item1: 'a' } }),
]

/** A task that stores causes. It returns its drafts at once, or nothing, so that the test emits them later. */
async function makeEcho(emits: 'at once' | 'later') {
  const kept: Cause[] = []
  const published: FormEvent[] = []
  const publish: Publish = async (event) => void published.push(event)
  const task = defineTask({
    name: 'echo',
    on: submissionSubmitted,
    emits: [submissionValidated, submissionRefused],
    everyForm: true,
    connect: async (_config, { emit }) => ({ emit, close() {} }),
    async handle({ cause }) {
      kept.push(JSON.parse(JSON.stringify(cause)))
      return emits === 'at once' ? drafts : []
    },
  })
  const clients = await task.connect(
    {},
    {
      log: silent,
      emit: emitter(task.name, publish),
      optionsOf: () => undefined,
      formOf: () => undefined,
    },
  )
  const runtime: Runtime = { forms: { get: () => demoForm() }, clients, publish, log: silent }
  const post = (event: FormEvent) => deliver(task, event, runtime)
  return { post, kept, published, ...clients }
}

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

test.each([
  ['with all attributes', submittedEvent({ id: 'c-1', traceparent })],
  ['without a traceparent', submittedEvent()],
  ['without a subject', { ...submittedEvent(), subject: undefined }],
])('events emitted later for an event %s equal those emitted at once', async (_, event) => {
  const now = await makeEcho('at once')
  await now.post(event)
  const later = await makeEcho('later')
  await later.post(event)
  expect(later.published).toEqual([])
  await later.emit(later.kept[0] as Cause, drafts)
  expect(now.published).toHaveLength(2)
  expect(later.published).toEqual(now.published)
})

test('events that are emitted twice have the same ids', async () => {
  const { emit, published } = await makeEcho('later')
  const cause = causeOf(submittedEvent({ id: 'c-1' }))
  await emit(cause, drafts)
  await emit(cause, drafts)
  const ids = ['c-1.echo.0', 'c-1.echo.1']
  expect(published.map(({ id }) => id)).toEqual([...ids, ...ids])
})

test('a failed publication is retried later; one that can never succeed is rejected', async () => {
  const cause = causeOf(submittedEvent())
  const away = emitter('echo', () => Promise.reject(new Error('the sink is away')))
  await expect(away(cause, drafts)).rejects.toBeInstanceOf(RetryLater)
  const refused = emitter('echo', () => Promise.reject(new Rejected('too large')))
  await expect(refused(cause, drafts)).rejects.toBeInstanceOf(Rejected)
})

test('if one draft does not fit the schema of its event, none is published', async () => {
  const { emit, published } = await makeEcho('later')
  const wrong = {
    ...drafts[1],
    data: { version: '', answers: { item1: { secret: 'xyzzy' } } },
  } as unknown as (typeof drafts)[number]
  const emitted = emit(causeOf(submittedEvent()), [drafts[0] as (typeof drafts)[number], wrong])
  await expect(emitted).rejects.toThrow(
    new Rejected(
      'Expected the task to emit formstream.submission.validated with data of its schema, found it wrong at ' +
        'version (too_small), answers.item1 (invalid_union)',
    ),
  )
  expect(published).toEqual([])
})

test('a task can emit only the events that it declares', () => {
  const emit: Emit<ReturnType<typeof submissionRefused>> = async () => {}
  // @ts-expect-error: another event
  void emit(causeOf(submittedEvent()), [submissionValidated({ version: 'v', answers: {} })])
})

const now = Date.parse('2026-03-04T05:06:07.890Z')
const here = '2026-03-04T05:06:07.890Z'

test.each([
  '2026-03-04T05:06:07.000Z',
  '2026-03-04T10:36:07+05:30',
  '1999-01-01T00:00:00Z',
  // Clocks of machines differ a little.
  '2026-03-04T05:07:00.000Z',
])('the possible time %s is kept', (time) => {
  expect(boundedTime(time, now)).toBe(time)
})

test.each([
  ['of next year', '2027-03-04T05:06:07.890Z'],
  ['in two minutes', '2026-03-04T05:08:07.890Z'],
  ['of microseconds taken for milliseconds', '+057974-01-01T00:00:00.000Z'],
  ['before year 0', '-000001-01-01T00:00:00.000Z'],
  ['of a missing timestamp', '1970-01-01T00:00:00.000Z'],
  ['with a leap second', '2016-12-31T23:59:60Z'],
  ['that is not a date', 'yesterday'],
  ['that is missing', undefined],
])('a time %s is replaced by now', (_, time) => {
  expect(boundedTime(time, now)).toBe(here)
})
