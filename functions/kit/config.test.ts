import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { checkConfigs, readConfig } from './config.ts'

const Config = z.object({
  PORT: z.coerce.number('expected a port').int('expected a port').default(8080),
  K_SINK: z.url('expected a URL'),
  API_TOKEN: z.string().min(16, 'expected 16 characters or more'),
})
const good = { K_SINK: 'http://localhost/topics/a', API_TOKEN: 'a'.repeat(16) }

test('the environment is read by its schema: defaults are set and other variables left out', () => {
  expect(readConfig(Config, { ...good, PORT: '1', HOME: '/root' })).toEqual({ ...good, PORT: 1 })
  expect(readConfig(Config, good).PORT).toBe(8080)
})

test('an empty variable counts as not set', () => {
  expect(readConfig(Config, { ...good, PORT: '' }).PORT).toBe(8080)
  expect(() => readConfig(Config, { ...good, K_SINK: '' })).toThrow(
    'Wrong environment:\n  K_SINK: expected a URL, found nothing',
  )
})

test('one error lists all wrong variables, without the values of secrets', () => {
  const wrong = { PORT: 'ten', K_SINK: 'nowhere', API_TOKEN: 'hush' }
  const read = () => readConfig(Config, wrong)
  expect(read).toThrow(
    [
      'Wrong environment:',
      '  PORT: expected a port, found "ten"',
      '  K_SINK: expected a URL, found "nowhere"',
      '  API_TOKEN: expected 16 characters or more, found a secret',
    ].join('\n'),
  )
  expect(read).not.toThrow(/hush/)
})

test('one error lists the wrong variables of several schemas, each once', () => {
  const Other = z.object({ PORT: Config.shape.PORT, IDLE: z.coerce.number('expected seconds') })
  expect(() => checkConfigs([Config, Other], { ...good, PORT: 'ten', IDLE: 'long' })).toThrow(
    'Wrong environment:\n  PORT: expected a port, found "ten"\n  IDLE: expected seconds, found "long"',
  )
  expect(() => checkConfigs([Config, Other], { ...good, IDLE: '5' })).not.toThrow()
})
