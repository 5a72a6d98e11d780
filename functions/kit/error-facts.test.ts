import { DatabaseSync } from 'node:sqlite'
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { factsOf } from './error-facts.ts'

const secret = 'xyzzy'

/** The message of each error quotes the secret. */
const faults: Record<string, () => unknown> = {
  'JSON.parse': () => JSON.parse(`{"name": ${secret}}`),
  'JSON.parse of a text that looks like a frame': () =>
    JSON.parse(`${secret}\n    at ${secret} (/${secret}.ts:1:1)`),
  'a message that looks like frames': () => {
    throw new Error(`a\n    at ${secret} (/${secret}.ts:1:1)\n    at ${secret} (/b.ts:1:1)`)
  },
  'an empty message': () => {
    throw new Error('')
  },
  'a check by zod': () =>
    z
      .string()
      .refine(() => false, { error: ({ input }) => `found ${input}` })
      .parse(secret),
  'a database': () => new DatabaseSync(':memory:').prepare(`SELECT ${secret}`),
  'a URL': () => new URL(secret),
  'a property of nothing': () => (undefined as unknown as Record<string, string>)[secret],
  'a cause': () => {
    throw new Error('outer', { cause: new Error(secret, { cause: new Error(secret) }) })
  },
  'a value that is not an error': () => {
    throw secret
  },
  'properties of an HTTP client': () => {
    throw Object.assign(new Error(secret), { code: secret, config: { data: secret } })
  },
}

test.each(Object.entries(faults))(
  'the facts of an error of %s do not contain what its message quotes',
  (_what, fault) => {
    const facts = factsOf(thrownBy(fault))
    expect(facts.name).toMatch(/^(\w*Error|string)$/)
    expect(JSON.stringify(facts)).not.toContain(secret)
  },
)

test('the facts contain the place and the code of an error', () => {
  const cause = Object.assign(new TypeError('a'), { code: 'ECONNREFUSED' })
  const facts = factsOf(new Error('outer', { cause }))
  expect(facts).toMatchObject({ name: 'Error', cause: { name: 'TypeError', code: 'ECONNREFUSED' } })
  expect(facts.at?.[0]).toContain('error-facts.test.ts')
  expect(facts.at?.length).toBeLessThanOrEqual(5)
})

test('a circular chain of causes ends after three', () => {
  const error = new Error('a')
  error.cause = error
  expect(factsOf(error).cause?.cause?.cause?.cause).toBeUndefined()
})

function thrownBy(fault: () => unknown): unknown {
  try {
    fault()
  } catch (error) {
    return error
  }
  throw new Error('Expected a fault, found none')
}
