import { expect, test } from '@jest/globals'
import { readInput } from './input.ts'

const right = { 'submissions-per-second': '100', 'task-ms': '50' }

test('two options are enough', () => {
  expect(readInput(right, 157)).toEqual({
    submissionsPerSecond: 100,
    taskMs: 50,
    submissionBytes: 157,
    peakHours: 24,
  })
})

test.each([
  ['submissions-per-second', undefined, 'nothing'],
  ['submissions-per-second', '0', '"0"'],
  ['submissions-per-second', '-1', '"-1"'],
  ['submissions-per-second', 'many', '"many"'],
  ['submissions-per-second', '', '""'],
  ['task-ms', '60001', '"60001"'],
  ['task-ms', 'NaN', '"NaN"'],
  ['submission-bytes', '900001', '"900001"'],
  ['peak-hours', 'Infinity', '"Infinity"'],
  ['peak-hours', '25', '"25"'],
])('--%s %s is refused', (flag, value, found) => {
  const expected = `Expected --${flag} to be a number above 0, `
  const read = () => readInput({ ...right, [flag]: value }, 157)
  expect(read).toThrow(expected)
  expect(read).toThrow(`found ${found}`)
})

test('one error lists all that is wrong', () => {
  expect(() => readInput({ 'peak-hours': '0' }, 157)).toThrow(
    /--submissions-per-second[\s\S]*--task-ms[\s\S]*--peak-hours/,
  )
})
