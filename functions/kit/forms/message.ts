// Puts zod's issues into words: what was expected, and what kind of thing was found.
import type * as z from 'zod'

type Issue = z.core.$ZodRawIssue

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
}

/** The kind of a value; never the value, which may be somebody's answer. */
export function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return kinds[typeof value] ?? 'an object'
}

/** What kind of answer broke the rule: completes "found …". */
export function foundIn(issue: Issue): string {
  const { code, input } = issue
  if (issue.code === 'invalid_type') {
    const asked = kindOf(input) === 'a number' && ['number', 'int'].includes(issue.expected)
    return asked ? 'another number' : kindOf(input)
  }
  if (Array.isArray(input)) return input.length === 0 ? 'none' : 'another list'
  if (code !== 'too_big' && code !== 'too_small')
    return typeof input === 'string' ? 'other text' : kindOf(input)
  const more = code === 'too_big'
  if (typeof input === 'string') return more ? 'longer text' : 'shorter text'
  return more ? 'a larger number' : 'a smaller number'
}

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

/** What a form's file should have said: completes "expected …". */
export function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return types[issue.expected] ?? String(issue.expected)
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`
  return 'another value'
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' || origin === 'object' ? ' entries' : ''
}
