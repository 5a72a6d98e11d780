import { expect, test } from '@jest/globals'
import { sqliteProblem } from './database.ts'

test.each([
  [
    'attempt to write a readonly database',
    'Expected to be able to write a.sqlite, found it read-only',
  ],
  ['database disk image is malformed', 'Expected a.sqlite to be whole, found it damaged'],
  ['file is not a database', 'Expected a.sqlite to be whole, found it damaged'],
  ['database is locked', 'a.sqlite belongs to another instance that runs'],
  ['unable to open database file', 'Expected to be able to open a.sqlite'],
  ['database or disk is full', 'The disk that a.sqlite lies on is full: make room on it'],
  ['something else', 'a.sqlite: something else'],
])('%s: %s', (message, expected) => {
  const cause = new Error(message)
  const problem = sqliteProblem('a.sqlite', cause)
  expect(problem.message.startsWith(expected)).toBe(true)
  expect(problem.message).toContain(message)
  expect(problem.cause).toBe(cause)
})
