import { expect, test } from '@jest/globals'
import type { EventType, FormEvent } from '#kafka/define-event.ts'
import { submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { defineTask } from './define-task.ts'
import { deliver } from './deliver.ts'
import { Rejected } from './errors.ts'
import { demoForm, eventOf, silent, submittedEvent } from './events.fixture.ts'
import { readEvent } from './http/read-event.ts'
import { toSubmitted } from './plain-record.ts'

const headers = {
  'ce-specversion': '1.0',
  'ce-type': 'dev.knative.kafka.event',
  'ce-source': '/apis/v1/namespaces/forms/kafkasources/validation#forms.submitted',
  'ce-id': 'partition:0/offset:564',
  'ce-subject': 'partition:0#564',
  'ce-time': '2026-01-02T03:04:05.000Z',
  'ce-knativekafkapartition': '0',
  'ce-knativekafkaoffset': '564',
}
const body = JSON.stringify({ form: 'demo', item1: 'a' })

const posted = (more: Record<string, string> = {}, value = body) =>
  readEvent({ ...headers, ...more }, value)

test('a plain record is a submission to the form that its body names', () => {
  const event = toSubmitted(posted())
  expect(event).toEqual({
    specversion: '1.0',
    id: event.id,
    type: 'formstream.submission.submitted',
    source: headers['ce-source'],
    subject: event.id,
    time: headers['ce-time'],
    form: 'demo',
    partitionkey: event.id,
    datacontenttype: 'application/json',
    dataschema: 'urn:formstream:schema:formstream.submission.submitted',
    data: { answers: { item1: 'a' } },
  })
  expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a header that names the form wins over the body, whose members are all answers then', () => {
  const event = toSubmitted(posted({ 'ce-kafkaheaderform': 'other' }))
  expect([event.form, event.data]).toEqual(['other', { answers: { form: 'demo', item1: 'a' } }])
})

test('a record with a content type and one without are the same submission', () => {
  const typed = toSubmitted(posted({ 'content-type': 'application/json' }))
  expect(typed).toEqual(toSubmitted(posted()))
})

test('a redelivery, also through the dead letters, is the same submission; another record is not', () => {
  const { id } = toSubmitted(posted())
  const replayed = { 'ce-knativekafkapartition': '7', 'ce-knativekafkaoffset': '1' }
  expect(toSubmitted(posted(replayed)).id).toBe(id)
  const others: Record<string, string>[] = [
    { 'ce-source': '/apis/v1/namespaces/forms/kafkasources/validation#other' },
    { 'ce-id': 'partition:1/offset:564' },
    { 'ce-id': 'partition:0/offset:565' },
    { 'ce-time': '2026-01-02T03:04:05.001Z' },
  ]
  for (const other of others) expect(toSubmitted(posted(other)).id).not.toBe(id)
})

test.each([
  ['a tombstone', ''],
  ['text', 'secret'],
  ['a list', '["secret"]'],
  ['null', 'null'],
  ['no form', '{"item1":"secret"}'],
  ['a form that is no text', '{"form":{"secret":1}}'],
  ['an empty form', '{"form":"","item1":"secret"}'],
])('%s is rejected, and the message does not quote it', (_, value) => {
  const convert = () => toSubmitted(posted({}, value))
  expect(convert).toThrow(Rejected)
  expect(convert).toThrow(/^Expected (?!.*secret)/)
})

test('a body that is not an object is rejected even if a header names the form', () => {
  expect(() => toSubmitted(posted({ 'ce-kafkaheaderform': 'demo' }, '1'))).toThrow(Rejected)
})

test('other events are returned unchanged', () => {
  const events = [submittedEvent(), eventOf(submissionValidated({ version: 'v', answers: {} }))]
  for (const event of events as FormEvent[]) expect(toSubmitted(event)).toBe(event)
})

test('a plain record is a submission for a task that reads submissions, and rejected by others', async () => {
  const handled: string[] = []
  const taskOn = (on: EventType) =>
    defineTask({
      name: 'echo',
      on,
      emits: [submissionValidated],
      everyForm: true,
      async handle({ event }) {
        handled.push(event.form)
        return []
      },
    })
  const forms = { get: () => demoForm() }
  const runtime = { forms, clients: {}, publish: async () => {}, log: silent }
  await deliver(taskOn(submissionSubmitted as EventType), posted(), runtime)
  const elsewhere = deliver(taskOn(submissionValidated as EventType), posted(), runtime)
  await expect(elsewhere).rejects.toThrow(Rejected)
  expect(handled).toEqual(['demo'])
})
