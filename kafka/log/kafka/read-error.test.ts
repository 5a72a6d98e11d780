import { expect, test } from '@jest/globals'
import { describeReadError, isTransient } from './read-error.ts'

const reading = { topic: 'forms.submitted', groupId: 'formstream.slang' }
const ofType = (type: string, retriable = false) =>
  Object.assign(new Error(`broker error: ${type}`), { type, retriable })
/** As kafkajs wraps them. */
const wrapped = (cause: Error) =>
  Object.assign(new Error('gave up', { cause: new Error('retried', { cause }) }), {
    name: 'KafkaJSNumberOfRetriesExceeded',
  })

test.each([
  ['INCONSISTENT_GROUP_PROTOCOL', 'the group formstream.slang has members of another program'],
  ['GROUP_AUTHORIZATION_FAILED', 'the user lacks the permissions Read and Describe on the group'],
  ['TOPIC_AUTHORIZATION_FAILED', 'the user lacks the permission Read on the topic forms.submitted'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'there is no topic forms.submitted: npm run topics -- apply'],
  ['SOMETHING_NEW', 'broker error: SOMETHING_NEW'],
])('%s is explained, however deeply kafkajs wrapped it', (type, reason) => {
  for (const error of [ofType(type), wrapped(ofType(type))]) {
    const described = describeReadError(error, reading)
    const expected = `Cannot read the topic forms.submitted from Kafka: ${reason}`
    expect(described.startsWith(expected)).toBe(true)
  }
})

test('only errors that a broker calls retriable are transient, however kafkajs wrapped them', () => {
  expect(isTransient(wrapped(ofType('GROUP_LOAD_IN_PROGRESS', true)))).toBe(true)
  expect(isTransient(wrapped(ofType('GROUP_AUTHORIZATION_FAILED')))).toBe(false)
  expect(isTransient(new TypeError('a fault'))).toBe(false)
})
