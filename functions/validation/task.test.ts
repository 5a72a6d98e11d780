import { expect, test } from '@jest/globals'
import { submissionSubmitted } from '#kafka/events.ts'
import { causeOf } from '#kit/follow.ts'
import { demoForm, eventOf, silent } from '#kit/given.ts'
import task from './task.ts'

const form = demoForm()
type Answers = Record<string, unknown>

/** The facts that come of it, each with its data. */
async function validate(answers: Answers, given: { version?: string; source?: string } = {}) {
  const { version, source = '/forms/demo' } = given
  const event = eventOf(submissionSubmitted({ ...(version && { version }), answers }), { source })
  const cause = causeOf(event)
  const drafts = await task.handle({ event, cause, form, options: {}, clients: {}, log: silent })
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

test('what the door accepted under another version stays accepted, as it was', async () => {
  const answers = { gone: ' as it was ', item1: 'a' }
  const facts = await validate(answers, { version: 'before' })
  expect(facts).toEqual([['validated', { version: 'before', answers }]])
})

test.each([
  ['another producer', { source: '/import', version: 'before' }],
  ['the door of another form', { source: '/forms/other', version: 'before' }],
  ['a producer that names no version', {}],
  ['the door under the current version', { version: form.version }],
])('what came from %s is checked in full', async (_, given) => {
  const errors = { gone: 'Unknown field' }
  expect(await validate({ gone: 'x', item1: 'a' }, given)).toEqual([
    ['refused', { version: form.version, errors }],
  ])
})
