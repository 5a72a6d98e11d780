import { expect, test } from '@jest/globals'
import { isPassing, reasonOf } from './read-error.ts'

const reading = { topic: 'forms.submitted', groupId: 'formstream.slang' }
const ofType = (type: string, retriable = false) =>
  Object.assign(new Error(`said by a broker: ${type}`), { type, retriable })
/** As kafkajs wraps them. */
const wrapped = (cause: Error) =>
  Object.assign(new Error('gave up', { cause: new Error('retried', { cause }) }), {
    name: 'KafkaJSNumberOfRetriesExceeded',
  })

test.each([
  ['INCONSISTENT_GROUP_PROTOCOL', 'the group formstream.slang has members of another program'],
  ['GROUP_AUTHORIZATION_FAILED', 'the user needs the rights Read and Describe on the group'],
  ['TOPIC_AUTHORIZATION_FAILED', 'the user needs the right Read on the topic forms.submitted'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'there is no topic forms.submitted: npm run topics -- apply'],
  ['SOMETHING_NEW', 'said by a broker: SOMETHING_NEW'],
])('%s says what to change, however deep it lies', (type, reason) => {
  for (const error of [ofType(type), wrapped(ofType(type))]) {
    const said = reasonOf(error, reading)
    expect(said.startsWith(`Kafka does not hand out forms.submitted: ${reason}`)).toBe(true)
  }
})

test('what a broker says passes does so, whatever kafkajs made of it; nothing else does', () => {
  expect(isPassing(wrapped(ofType('GROUP_LOAD_IN_PROGRESS', true)))).toBe(true)
  expect(isPassing(wrapped(ofType('GROUP_AUTHORIZATION_FAILED')))).toBe(false)
  expect(isPassing(new TypeError('a fault'))).toBe(false)
})
