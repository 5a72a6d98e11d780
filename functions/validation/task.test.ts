import { expect, test } from '@jest/globals'
import { submissionSubmitted } from '#kafka/events.ts'
import { signatureOf } from '#kit/door-signature.ts'
import { noEffects } from '#kit/effects/effects.ts'
import { Rejected } from '#kit/errors.ts'
import { demoForm, eventOf, silent } from '#kit/events.fixture.ts'
import { causeOf } from '#kit/follow-on-events.ts'
import task from './task.ts'

const form = demoForm()
type Answers = Record<string, unknown>

interface Origin {
  version?: string
  source?: string
  signedWith?: string
}

const secret = 's'.repeat(32)
const connected = {
  log: silent,
  emit: async () => {},
  optionsOf: () => undefined,
  formOf: () => undefined,
}
const clients = await task.connect({ DOOR_SECRET: secret }, connected)

function submitted(answers: Answers, { version, source = '/forms/demo', signedWith }: Origin) {
  const event = eventOf(submissionSubmitted({ ...(version && { version }), answers }), { source })
  if (!signedWith) return event
  const doorsignature = signatureOf(event, signedWith)
  return { ...event, doorsignature }
}

const handle = (event: ReturnType<typeof submitted>) =>
  task.handle({
    event,
    cause: causeOf(event),
    form,
    options: {},
    clients,
    effects: noEffects,
    log: silent,
  })

/** Fact and data of each emitted event. */
async function validate(answers: Answers, origin: Origin = {}) {
  const drafts = await handle(submitted(answers, origin))
  return drafts.map(({ of, data }) => [of.type.split('.').at(-1), data])
}

test('the task runs for every form, whether its file lists it or not', () => {
  expect([task.everyForm, task.options.parse({})]).toEqual([true, {}])
})

test('answers that pass are validated, normalised, under the version of the form', async () => {
  const facts = await validate({ item1: '  a ', item2: '' }, { version: form.version })
  expect(facts).toEqual([['validated', { version: form.version, answers: { item1: 'a' } }]])
})

test('validating normalised answers changes nothing', async () => {
  expect(await validate({ item1: 'a' })).toEqual(await validate({ item1: ' a ' }))
})

test('wrong answers are refused with a reason for each field, without quoting an answer', async () => {
  const facts = await validate({ item2: 'secret'.repeat(100), extra: 'secret' })
  const errors = {
    item1: 'Is required',
    item2: expect.stringMatching(/^Expected text/),
    extra: 'Unknown field',
  }
  expect(facts).toEqual([['refused', { version: form.version, errors }]])
  expect(JSON.stringify(facts)).not.toContain('secret')
})

const answers = { gone: ' as it was ', item1: 'a' }
const signed = { version: 'before', signedWith: secret }

test('answers that the endpoint accepted under another version stay accepted, unchanged', async () => {
  expect(await validate(answers, signed)).toEqual([['validated', { version: 'before', answers }]])
})

type Event = ReturnType<typeof submitted>
const cloned = (event: Event, changed: object) => ({ ...event, ...changed })

test.each<[string, Event]>([
  ['no signature', submitted(answers, { version: 'before' })],
  ['one by another secret', submitted(answers, { ...signed, signedWith: 'x'.repeat(32) })],
  [
    'one of other answers',
    cloned(submitted(answers, signed), { data: { version: 'before', answers: { gone: 'x' } } }),
  ],
  [
    'one of another version',
    cloned(submitted(answers, signed), { data: { version: 'older', answers } }),
  ],
  ['one of another submission', cloned(submitted(answers, signed), { id: 's-2' })],
  ['one cut short', cloned(submitted(answers, signed), { doorsignature: 'a' })],
])('an event that claims another version with %s is rejected', async (_what, event) => {
  // Not refused: a person may have been told that it was accepted, and a dead letter can be replayed.
  await expect(handle(event)).rejects.toThrow(Rejected)
})

test('an unsigned event is accepted if it fits the current form', async () => {
  const facts = await validate({ item1: ' a ' }, { version: 'before' })
  expect(facts).toEqual([['validated', { version: form.version, answers: { item1: 'a' } }]])
})

test('without a secret no signature is valid', async () => {
  const open = await task.connect({}, connected)
  expect(open.isAccepted(submitted(answers, signed))).toBe(false)
})

test.each([
  ['another producer', { source: '/import', ...signed }],
  ['the endpoint for another form', { source: '/forms/other', ...signed }],
  ['a producer that names no version', {}],
  ['the endpoint under the current version', { version: form.version, signedWith: secret }],
])('a submission of %s is validated in full', async (_, origin) => {
  const errors = { gone: 'Unknown field' }
  expect(await validate({ gone: 'x', item1: 'a' }, origin)).toEqual([
    ['refused', { version: form.version, errors }],
  ])
})
