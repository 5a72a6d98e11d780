import { expect, test } from '@jest/globals'
import { pastTense } from './ask-fact.ts'

test.each([
  ['shout', 'shouted'],
  ['translate', 'translated'],
  ['notify', 'notified'],
  ['order-print', 'printed'],
])('the fact that is offered for %s is %s', (task, fact) => {
  expect(pastTense(task)).toBe(fact)
})
