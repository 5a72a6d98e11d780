import { expect, test } from '@jest/globals'
import { Rejected, RetryLater } from '#kit/errors.ts'
import { toFailure } from './report.ts'

test('an error of a task is reported by what it means for the event, with its cause', () => {
  const cause = new Error('no answer')
  expect(toFailure(new Rejected('no'), 1)).toEqual({ failure: 'Rejected', text: 'no', ms: 1 })
  expect(toFailure(new RetryLater('later', { cause }), 2)).toEqual({
    failure: 'RetryLater',
    text: 'later\n  because: no answer',
    ms: 2,
  })
})

test('a fault is reported with its stack', () => {
  const { failure, text } = toFailure(new TypeError('broken'), 1) as {
    failure: string
    text: string
  }
  expect(failure).toBe('Fault')
  expect(text).toMatch(/^TypeError: broken\n.*report\.test\.ts/s)
})
