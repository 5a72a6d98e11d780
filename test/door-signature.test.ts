// Validation verifies signatures of the endpoint after transport by Kafka and by HTTP, whatever the answers contain.
import { expect, test } from '@jest/globals'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { toHttpMessage, toKafkaRecord } from '#kafka/log/kafka/convert-record.ts'
import type { Log } from '#kafka/log/port.ts'
import type { Task } from '#kit/define-task.ts'
import { deliver, type Runtime } from '#kit/deliver.ts'
import { silent, wireOf } from '#kit/events.fixture.ts'
import { formOf } from '#kit/forms/form.fixture.ts'
import { readEvent, readRecord } from '#kit/http/read-event.ts'
import { submit } from '../functions/form-endpoint/submit.ts'
import validation from '../functions/validation/task.ts'

const secret = 's'.repeat(32)
const fields = {
  zeta: '{ type: text }',
  alpha: '{ type: multiline }',
  n7: '{ type: number }',
  many: '{ type: multi-choice, options: [a, b] }',
}
const before = { ...formOf(fields), id: 'demo', version: 'before' }
const now = { ...formOf({ other: '{ type: text }' }), id: 'demo', version: 'now' }
const given = { zeta: 'naïve 🎉 %20 "', alpha: 'a\nb', n7: '-0', many: ['b', 'a'] }

async function signed(): Promise<FormEvent> {
  const appended: FormEvent[] = []
  const log: Pick<Log, 'append'> = {
    append: async (_topic, event) => void appended.push(readRecord(event)),
  }
  await submit(
    { log, secret },
    {
      form: before,
      answers: given,
      key: 'k',
      time: new Date(),
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    },
  )
  return appended[0] as FormEvent
}

function overKafka(event: FormEvent): FormEvent {
  const { key, value, headers } = toKafkaRecord(toKeyedMessage(event))
  const record = { key: Buffer.from(key), value: Buffer.from(value), headers }
  const at = { topic: 'forms.submitted', partition: 0, offset: '1', timestamp: '0' }
  const posted = toHttpMessage({ ...record, ...at })
  return readEvent(posted.headers, posted.body)
}

function overHttp(event: FormEvent): FormEvent {
  const { headers, body } = wireOf(event)
  return readEvent(headers, body)
}

test.each([
  ['Kafka', overKafka],
  ['HTTP', overHttp],
])(
  'what was accepted before the form changed is validated as it was, over %s',
  async (_, carry) => {
    const published: FormEvent[] = []
    const runtime: Runtime = {
      forms: { get: () => now },
      clients: await validation.connect(
        { DOOR_SECRET: secret },
        {
          log: silent,
          emit: async () => {},
          optionsOf: () => undefined,
          formOf: () => undefined,
        },
      ),
      publish: async (event) => void published.push(event),
      log: silent,
    }
    const event = await signed()
    await deliver(validation as unknown as Task, carry(event), runtime)
    expect(published.map(({ type, data }) => [type, data])).toEqual([
      ['formstream.submission.validated', event.data],
    ])
    expect(published[0]?.doorsignature).toBeUndefined()
  },
)
