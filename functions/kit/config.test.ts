import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { readConfig } from './config.ts'

const Config = z.object({
  PORT: z.coerce.number('expected a port').int('expected a port').default(8080),
  K_SINK: z.url('expected a URL'),
  API_TOKEN: z.string().min(16, 'expected 16 characters or more'),
})
const good = { K_SINK: 'http://localhost/topics/a', API_TOKEN: 'a'.repeat(16) }

test('the environment is read by its schema, with defaults, without what is not asked for', () => {
  expect(readConfig(Config, { ...good, PORT: '1', HOME: '/root' })).toEqual({ ...good, PORT: 1 })
  expect(readConfig(Config, good).PORT).toBe(8080)
})

test('a variable that is set to nothing counts as not set', () => {
  expect(readConfig(Config, { ...good, PORT: '' }).PORT).toBe(8080)
  expect(() => readConfig(Config, { ...good, K_SINK: '' })).toThrow(
    'Wrong environment:\n  K_SINK: expected a URL, found nothing',
  )
})

test('all that is wrong is said together, the value of a secret never', () => {
  const wrong = { PORT: 'ten', K_SINK: 'nowhere', API_TOKEN: 'hush' }
  const said = () => readConfig(Config, wrong)
  expect(said).toThrow(
    [
      'Wrong environment:',
      '  PORT: expected a port, found "ten"',
      '  K_SINK: expected a URL, found "nowhere"',
      '  API_TOKEN: expected 16 characters or more, found a secret',
    ].join('\n'),
  )
  expect(said).not.toThrow(/hush/)
})
