// What one submission sets going: how many events each topic and each task gets, and how many bytes an event has.

import { toMessage } from '#kafka/binary-mode.ts'
import { type Topic, toEvent } from '#kafka/define-event.ts'
import { submissionValidated, submitted } from '#kafka/events.ts'

/** Of a task, what matters here. */
export interface Reader {
  name: string
  on: { topic: Topic }
  emits: readonly { topic: Topic }[]
}

/** Events a second of a topic, where every form lists every task and each of them emits one event for one: the most. */
export function rateOf(topic: string, tasks: Reader[], submissionsPerSecond: number): number {
  if (topic === submitted.name) return submissionsPerSecond
  return tasks
    .filter(({ emits }) => emits[0]?.topic.name === topic)
    .reduce((sum, { on }) => sum + rateOf(on.topic.name, tasks, submissionsPerSecond), 0)
}

/**
 * Bytes of an event in Kafka with so many bytes of answers: its key, its attributes, and Kafka's own where each is a batch of its
 * own, as few at a time are. That of `forms.validated` stands for all: the others are about as large, or smaller.
 */
export function eventBytes(submissionBytes: number): number {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  const event = toEvent(submissionValidated({ version: '0123456789ab', answers: {} }), {
    id: `${id}.validation.0`,
    source: '/tasks/validation',
    subject: id,
    time: '2026-01-01T00:00:00.000Z',
    form: 'student-data',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  })
  const { headers, body } = toMessage(event, 'ce_')
  const texts = [id, ...Object.entries(headers).flat(), body]
  const own = batchHeader + recordHeader + lengths * Object.keys(headers).length
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), own + submissionBytes - 2)
}

/** https://kafka.apache.org/documentation/#messageformat: of a batch, of a record, and of the name and value of each header. */
const [batchHeader, recordHeader, lengths] = [61, 9, 2]
