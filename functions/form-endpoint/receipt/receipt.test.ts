// What a receipt says for each status.
import { expect, test } from '@jest/globals'
import { demoForm } from '#kit/events.fixture.ts'
import type { Outcome, Status } from '#kit/status/port.ts'
import { isFinished, receiptOf } from './receipt.ts'

const id = '0193a5d0-7e00-7abc-8def-001122334455'
const received = '2024-12-08T10:28:44.672Z'
const form = demoForm({ sheets: {}, slang: {}, shout: {} })

const statusOf = (outcomes: Record<string, Outcome>): Status => ({
  form: 'demo',
  time: received,
  outcomes,
})

const validated: Outcome = { state: 'validated' }
const recorded: Outcome = { state: 'recorded', tab: 'Responses', row: 7 }
const failed: Outcome = { state: 'failed', final: true }

const receipt = (outcomes: Record<string, Outcome>) =>
  receiptOf(id, { status: statusOf(outcomes), form, isFollowed: true })

/** Steps as `task: state`. */
const stepsOf = (outcomes: Record<string, Outcome>) =>
  receipt(outcomes).steps.map(({ task, state }) => `${task}: ${state}`)

test('the steps are those of the tasks of the form that are followed', () => {
  expect(stepsOf({})).toEqual(['validation: waiting', 'sheets: waiting', 'slang: waiting'])
  expect(stepsOf({ validation: validated, slang: { state: 'analyzed' } })).toEqual([
    'validation: validated',
    'sheets: waiting',
    'slang: analyzed',
  ])
})

test('a step of a task that the form no longer lists stays', () => {
  const { steps } = receiptOf(id, {
    status: statusOf({ validation: validated, sheets: recorded }),
    form: undefined,
    isFollowed: true,
  })
  expect(steps).toEqual([
    { task: 'validation', ...validated },
    { task: 'sheets', ...recorded },
  ])
})

test('after a refusal, and after a failed check, no task of the form follows', () => {
  expect(stepsOf({ validation: { state: 'refused', errors: {} } })).toEqual(['validation: refused'])
  expect(stepsOf({ validation: failed })).toEqual(['validation: failed'])
})

const analyzed: Outcome = { state: 'analyzed' }

test.each<[string, Record<string, Outcome>, boolean]>([
  ['processing', {}, false],
  ['processing', { validation: validated, sheets: recorded }, false],
  ['done', { validation: validated, sheets: recorded, slang: analyzed }, true],
  ['refused', { validation: { state: 'refused', errors: {} } }, true],
  ['failed', { validation: validated, sheets: failed, slang: analyzed }, false],
])('the status is %s for %j; finished: %s', (status, outcomes, finished) => {
  expect(receipt(outcomes).status).toBe(status)
  expect(isFinished(receipt(outcomes))).toBe(finished)
})

test('without a status view it was received, and that is all', () => {
  const one = receiptOf(id, { status: undefined, form: undefined, isFollowed: false })
  expect(one).toEqual({ id, received, status: 'received', steps: [] })
})

test('a submission whose status is not there yet is checked next; one of long ago is not', () => {
  const now = `${Date.now()
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7abc-8def-001122334455`
  const known = { status: undefined, form: undefined, isFollowed: true }
  expect(receiptOf(now, known)).toMatchObject({
    status: 'processing',
    steps: [{ task: 'validation', state: 'waiting' }],
  })
  expect(receiptOf(id, known).status).toBe('received')
})

test('answers are shown only if the form says so', () => {
  const status = { ...statusOf({}), answers: { item1: 'a' } }
  const open = { ...form, receipt: { answers: true } }
  expect(receiptOf(id, { status, form, isFollowed: true }).answers).toBeUndefined()
  expect(receiptOf(id, { status, form: undefined, isFollowed: true }).answers).toBeUndefined()
  expect(receiptOf(id, { status, form: open, isFollowed: true }).answers).toEqual({ item1: 'a' })
})
