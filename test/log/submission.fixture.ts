import { type KeyedMessage, toKeyedMessage } from '#kafka/binary-mode.ts'
import { toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'

/** A submission to the form. On a topic with order by key, events with the same key are in the same partition. */
export const makeSubmission = (id: string, key = id, form = 'demo'): KeyedMessage => {
  const event = toEvent(submissionSubmitted({ answers: { item1: id } }), {
    id,
    source: '/forms/demo',
    subject: key,
    time: '2026-01-01T00:00:00.000Z',
    form,
  })
  return toKeyedMessage(event)
}

export const topic = submissionSubmitted.topic.name
