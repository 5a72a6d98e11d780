// Describes zod's issues in words: what was expected, and what kind of value was found.
import type * as z from 'zod'
import { NumberLiteral } from '../field-parts/number-text.ts'

type Issue = z.core.$ZodRawIssue

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
}

/** The kind of a value. Never the value itself, which may be somebody's answer. */
export function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof NumberLiteral) return 'a number'
  return kinds[typeof value] ?? 'an object'
}

/** Completes "found …" for an answer. Undefined where the kind of the value does not explain the issue. */
export function foundIn(issue: Issue): string | undefined {
  const { code, input } = issue
  if (input instanceof NumberLiteral) return foundInLiteral(issue)
  if (issue.code === 'invalid_type') {
    const wantsNumber = typeof input === 'number' && ['number', 'int'].includes(issue.expected)
    return wantsNumber ? numberKind(input) : kindOf(input)
  }
  if (Array.isArray(input)) return listKind(input, code)
  if (code !== 'too_big' && code !== 'too_small')
    return ['string', 'boolean'].includes(typeof input) ? undefined : kindOf(input)
  const tooBig = code === 'too_big'
  if (typeof input === 'string') return tooBig ? 'longer text' : 'shorter text'
  return tooBig ? 'a larger number' : 'a smaller number'
}

function listKind(input: unknown[], code: Issue['code']): string {
  if (input.length === 0) return 'none'
  if (code === 'invalid_value') return 'a list'
  return code === 'too_big' ? 'more' : 'one of them twice'
}

/** For a number that zod does not take as one: it has decimals, is NaN or is too large. */
function numberKind(input: number): string {
  if (Number.isFinite(input)) return 'a number with decimals'
  if (Number.isNaN(input)) return 'no number'
  return input > 0 ? 'a larger number' : 'a smaller number'
}

function foundInLiteral(issue: Issue): string {
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string'
  if (expected === 'number' || expected === 'int') return 'more digits than a number can keep'
  return expected === 'string'
    ? 'a number whose digits would change: put it in quotes'
    : kindOf(issue.input)
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

/** Completes "expected …" for a value of a form's file. */
export function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return types[issue.expected] ?? String(issue.expected)
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'another key'
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`
  return 'another value'
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' || origin === 'object' ? ' entries' : ''
}
