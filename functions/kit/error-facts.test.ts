import { DatabaseSync } from 'node:sqlite'
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { factsOf } from './error-facts.ts'

const secret = 'xyzzy'

/** What each throws quotes what it was given. */
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
  'what is no error': () => {
    throw secret
  },
  'properties of an HTTP client': () => {
    throw Object.assign(new Error(secret), { code: secret, config: { data: secret } })
  },
}

test.each(Object.entries(faults))('of %s no log knows what it quotes', (_what, fault) => {
  const facts = factsOf(thrownBy(fault))
  expect(facts.name).toMatch(/^(\w*Error|string)$/)
  expect(JSON.stringify(facts)).not.toContain(secret)
})

test('it says where, and the code that tells one failure from another', () => {
  const cause = Object.assign(new TypeError('a'), { code: 'ECONNREFUSED' })
  const facts = factsOf(new Error('outer', { cause }))
  expect(facts).toMatchObject({ name: 'Error', cause: { name: 'TypeError', code: 'ECONNREFUSED' } })
  expect(facts.at?.[0]).toContain('error-facts.test.ts')
  expect(facts.at?.length).toBeLessThanOrEqual(5)
})

test('causes that go round end somewhere', () => {
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
