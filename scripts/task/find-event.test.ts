import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type Message, toMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import {
  deadLetter,
  submissionRefused,
  submissionSubmitted,
  submissionValidated,
  submitted,
  validated,
} from '#kafka/events.ts'
import { eventOf } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { findEvent, readEventFile } from './find-event.ts'
import type { Topics } from './open-topics.ts'

const slang = await findTask('slang')
const receipts = await findTask('receipts')

const refusal = submissionRefused({ version: 'v', errors: {} })
const valid = submissionValidated({ version: 'v', answers: {} })
const submission = submissionSubmitted({ answers: {} })

const topicsWith = (records: Record<string, object[]>): Topics => ({
  name: 'the log',
  async read({ name }, visit) {
    for (const event of records[name] ?? []) visit(toMessage(event as FormEvent) as Message)
  },
})

const wanted = (id: string) => ({ id, task: slang, topic: undefined })

test('an event is found by its id, and by the id of its submission', async () => {
  const event = eventOf(valid, { id: 's-1.validation.0' })
  const other = eventOf(valid, { id: 's-2.validation.0', subject: 's-2' })
  const topics = topicsWith({ [validated.name]: [other, event] })
  for (const id of ['s-1.validation.0', 's-1']) {
    const found = await findEvent(topics, wanted(id))
    expect([found.event.id, found.place]).toEqual(['s-1.validation.0', 'forms.validated'])
  }
})

test('a repeat of an event counts once', async () => {
  const event = eventOf(valid, { id: 's-1.validation.0' })
  const topics = topicsWith({ [validated.name]: [event, event] })
  expect((await findEvent(topics, wanted('s-1'))).event.id).toBe('s-1.validation.0')
})

test('of the events of a submission, those that the task handles go first', async () => {
  const refused = eventOf(refusal, { id: 's-1.validation.1' })
  const event = eventOf(valid, { id: 's-1.validation.0' })
  const topics = topicsWith({ [validated.name]: [refused, event] })
  expect((await findEvent(topics, wanted('s-1'))).event.type).toBe(valid.of.type)
  expect((await findEvent(topics, wanted('s-1.validation.1'))).event.type).toBe(refusal.of.type)
})

test('several events of a submission are listed', async () => {
  const events = [0, 1].map((n) => eventOf(valid, { id: `s-1.validation.${n}` }))
  const topics = topicsWith({ [validated.name]: events })
  await expect(findEvent(topics, wanted('s-1'))).rejects.toThrow(
    [
      'Expected one event for "s-1", found 2: name one by its id or its --topic',
      '  s-1.validation.0  formstream.submission.validated  forms.validated',
      '  s-1.validation.1  formstream.submission.validated  forms.validated',
    ].join('\n'),
  )
})

test('an id that is not there is an error with the topics, the log and the number of records', async () => {
  const topics = topicsWith({ [validated.name]: [eventOf(valid)] })
  await expect(findEvent(topics, wanted('s-9'))).rejects.toThrow(
    'Expected an event or a submission "s-9" on forms.validated of the log, found none among 1 records',
  )
})

test('another topic is searched on demand', async () => {
  const topics = topicsWith({ [submitted.name]: [eventOf(submission)] })
  const found = await findEvent(topics, { ...wanted('s-1'), topic: submitted })
  expect([found.event.type, found.place]).toEqual([submission.of.type, submitted.name])
})

test('a dead letter is found for a task that handles dead letters', async () => {
  const letter = {
    ...eventOf(submission),
    knativeerrordest: 'http://validation.localhost/',
    knativeerrorcode: '422',
  }
  const topics = topicsWith({ [deadLetter.name]: [letter] })
  const found = await findEvent(topics, { id: 's-1', task: receipts, topic: undefined })
  expect([found.event.type, found.place]).toEqual([submission.of.type, deadLetter.name])
})

test('a file holds one event; anything else is an error that says what is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-event-'))
  const file = join(folder, 'event.json')
  const read = async (text: string) => {
    await writeFile(file, text)
    return readEventFile(file)
  }
  const line = JSON.stringify(eventOf(valid))
  expect((await read(line)).event.type).toBe(valid.of.type)
  const wrong = `Expected one event in JSON in ${file}, found`
  await expect(read(`${line}\n${line}\n`)).rejects.toThrow(`${wrong} several, or other text`)
  await expect(read('')).rejects.toThrow(`${wrong} an empty file`)
  await expect(read('{}')).rejects.toThrow(`${file}: Expected a valid CloudEvent 1.0`)
  await rm(folder, { recursive: true })
})
