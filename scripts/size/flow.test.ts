import { expect, test } from '@jest/globals'
import { analyzed, recorded, submitted, validated } from '#kafka/events.ts'
import { eventBytes, rateOf } from './flow.ts'

const tasks = [
  { name: 'validation', on: { topic: submitted }, emits: [{ topic: validated }] },
  { name: 'sheets', on: { topic: validated }, emits: [{ topic: recorded }] },
  { name: 'again', on: { topic: recorded }, emits: [{ topic: analyzed }] },
  { name: 'slang', on: { topic: validated }, emits: [{ topic: analyzed }] },
]

test('each event of a topic is one more for those that follow', () => {
  expect(rateOf('forms.submitted', tasks, 100)).toBe(100)
  expect(rateOf('forms.recorded', tasks, 100)).toBe(100)
  // Two tasks write to it.
  expect(rateOf('forms.analyzed', tasks, 100)).toBe(200)
  expect(rateOf('forms.dead-letter', tasks, 100)).toBe(0)
})

test('an event is as large as one broker had it, or a little larger', () => {
  // docs/scaling.md: 5,000 of student-data with 165 bytes of answers lay on its disk with 741 bytes each, some in one batch.
  expect(eventBytes(165)).toBeGreaterThan(741)
  expect(eventBytes(165)).toBeLessThan(741 * 1.06)
  expect(eventBytes(1165) - eventBytes(165)).toBe(1000)
})
