import { describe, expect, jest, test } from '@jest/globals'
import { compile } from '#kit/forms/form.fixture.ts'
import { Rates } from './rates.ts'
import { usesOf } from './uses.ts'

function formWith(protect: string) {
  const compiled = compile(
    `title: A form\nfields:\n  email: { type: email }\n  other: { type: email, required: false }\nprotect: { ${protect} }\n`,
  )
  if (compiled.ok) return compiled.form
  throw new Error(JSON.stringify(compiled.problems))
}

const secrets = ['s'.repeat(32)]
const perAddress = formWith('perAddress: 2 per minute')
const address = '192.0.2.1'
const keyOf = (address: string, form = perAddress) =>
  usesOf({ form, address, answers: {} }, secrets)[0]?.key

describe('uses', () => {
  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['2001:DB8:1:2::1', '2001:db8:1:2::1', true],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ])('%s and %s count together: %s', (a, b, same) => {
    expect(keyOf(a) === keyOf(b)).toBe(same)
  })

  test('each e-mail address once, then the form', () => {
    const form = formWith('perEmail: 1 per day, perForm: 5 per day, perAddress: 3 per day')
    const sender = { form, address }
    const kinds = (answers: Record<string, unknown>) =>
      usesOf({ ...sender, answers }, secrets).map(({ kind }) => kind)
    expect(kinds({ email: 'a@example.org', other: 'A@example.org' })).toEqual([
      'address',
      'email',
      'form',
    ])
    expect(kinds({ email: 'a@example.org', other: 'b@example.org' })).toEqual([
      ...['address', 'email', 'email', 'form'],
    ])
    expect(kinds({})).toEqual(['address', 'form'])
  })

  test('keys hold no address and depend on the secret', () => {
    const form = formWith('perEmail: 1 per day')
    const answers = { email: 'ann@example.org' }
    const key = (secret: string) => usesOf({ form, address, answers }, [secret])[0]?.key
    expect(key('a'.repeat(32))).toMatch(/^[\w-]{43}$/)
    expect(key('a'.repeat(32))).not.toBe(key('b'.repeat(32)))
  })

  test('all endpoints have the same key for a form, with or without a secret', () => {
    const form = formWith('perForm: 1 per day')
    const key = (own: string[]) => usesOf({ form, address, answers: {} }, own)[0]?.key
    expect(key([])).toBe(key(secrets))
  })
})

describe('rates', () => {
  const uses = (address: string) => usesOf({ form: perAddress, address, answers: {} }, secrets)

  test('a window begins with the first use, and ends', async () => {
    jest.useFakeTimers({ now: 0 })
    const rates = new Rates()
    const use = () => rates.count(uses('192.0.2.1'))
    expect([await use(), await use(), await use()]).toEqual([0, 0, 60])
    jest.advanceTimersByTime(30_500)
    expect([await use(), await rates.count(uses('192.0.2.2'))]).toEqual([30, 0])
    jest.advanceTimersByTime(29_500)
    expect(await use()).toBe(0)
    jest.useRealTimers()
  })

  test('what is refused for its address uses up nothing of the form', async () => {
    const form = formWith('perAddress: 1 per minute, perForm: 3 per minute')
    const rates = new Rates()
    const use = (address: string) => rates.count(usesOf({ form, address, answers: {} }, secrets))
    for (let n = 0; n < 20; n++) await use('192.0.2.1')
    expect([await use('192.0.2.2'), await use('192.0.2.3')]).toEqual([0, 0])
    expect(await use('192.0.2.4')).toBeGreaterThan(0)
  })
})
