import { expect, test } from '@jest/globals'
import { submissionSubmitted } from '#kafka/events.ts'
import { signatureOf } from '#kit/door-signature.ts'
import { Rejected } from '#kit/errors.ts'
import { demoForm, eventOf, silent } from '#kit/events.fixture.ts'
import { causeOf } from '#kit/follow-on-events.ts'
import task from './task.ts'

const form = demoForm()
type Answers = Record<string, unknown>

interface Given {
  version?: string
  source?: string
  signedWith?: string
}

const secret = 's'.repeat(32)
const connected = { log: silent, emit: async () => {}, optionsOf: () => undefined }
const clients = await task.connect({ DOOR_SECRET: secret }, connected)

function submitted(answers: Answers, { version, source = '/forms/demo', signedWith }: Given) {
  const event = eventOf(submissionSubmitted({ ...(version && { version }), answers }), { source })
  if (!signedWith) return event
  const doorsignature = signatureOf(event, signedWith)
  return event.cloneWith({ doorsignature }) as typeof event
}

const handle = (event: ReturnType<typeof submitted>) =>
  task.handle({ event, cause: causeOf(event), form, options: {}, clients, log: silent })

/** The facts that come of it, each with its data. */
async function validate(answers: Answers, given: Given = {}) {
  const drafts = await handle(submitted(answers, given))
  return drafts.map(({ of, data }) => [of.type.split('.').at(-1), data])
}

test('it runs for every form, whether its file says so or not', () => {
  expect([task.everyForm, task.options.parse({})]).toEqual([true, {}])
})

test('answers that pass are validated, normalised, under the version of the form', async () => {
  const facts = await validate({ item1: '  a ', item2: '' }, { version: form.version })
  expect(facts).toEqual([['validated', { version: form.version, answers: { item1: 'a' } }]])
})

test('checking what was checked before changes nothing', async () => {
  expect(await validate({ item1: 'a' })).toEqual(await validate({ item1: ' a ' }))
})

test('answers that do not pass are refused with a reason for each field, and no answer', async () => {
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

test('what the door accepted under another version stays accepted, as it was', async () => {
  expect(await validate(answers, signed)).toEqual([['validated', { version: 'before', answers }]])
})

type Event = ReturnType<typeof submitted>
const cloned = (event: Event, changed: object) => event.cloneWith(changed) as Event

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
])('who names the door and another version with %s proves nothing', async (_what, event) => {
  // Not refused, as a person may have been told that it is accepted.
  await expect(handle(event)).rejects.toThrow(Rejected)
})

test('without a proof, what fits the present form is taken by it', async () => {
  const facts = await validate({ item1: ' a ' }, { version: 'before' })
  expect(facts).toEqual([['validated', { version: form.version, answers: { item1: 'a' } }]])
})

test('without a secret nothing proves anything', async () => {
  const open = await task.connect({}, connected)
  expect(open.isAccepted(submitted(answers, signed))).toBe(false)
})

test.each([
  ['another producer', { source: '/import', ...signed }],
  ['the door of another form', { source: '/forms/other', ...signed }],
  ['a producer that names no version', {}],
  ['the door under the current version', { version: form.version, signedWith: secret }],
])('what came from %s is checked in full', async (_, given) => {
  const errors = { gone: 'Unknown field' }
  expect(await validate({ gone: 'x', item1: 'a' }, given)).toEqual([
    ['refused', { version: form.version, errors }],
  ])
})
