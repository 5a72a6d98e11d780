// The variables that each function of `npm start` gets: those it reads, with defaults that suit the Sheets emulator.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { findTask, findTasks } from '#kit/find-tasks.ts'
import { Config } from '../../functions/sheets/config.ts'
import { functionEnvironment, variablesIn } from './child-environment.ts'

const decided = { DATA_DIR: '/data', FORMS_DIR: '/forms', LOG_LEVEL: 'info' }
const emulator = 'http://127.0.0.1:8081'

const withEmulator = (environment: Record<string, string>) =>
  functionEnvironment({ config: Config, environment, decided, emulator, smtp: undefined })
const withoutEmulator = (environment: Record<string, string>) =>
  functionEnvironment({
    config: Config,
    environment,
    decided,
    emulator: undefined,
    smtp: undefined,
  })

const forEmulator = {
  SHEETS_BATCH_MS: '20',
  SHEETS_WATERMARK_MS: '100',
  SHEETS_CALLS_PER_MINUTE: '100000',
  SHEETS_ROOT_URL: `${emulator}/`,
}

test('with the emulator rows are written at once', () => {
  expect(withEmulator({})).toEqual({ ...decided, ...forEmulator })
})

test('without the emulator no default is passed on', () => {
  expect(withoutEmulator({})).toEqual(decided)
})

test.each(Object.keys(forEmulator))('a value of %s wins over the default', (name) => {
  expect(withEmulator({ [name]: '5000' })).toEqual({ ...decided, ...forEmulator, [name]: '5000' })
  expect(withEmulator({ [name]: '' })).toEqual({ ...decided, ...forEmulator })
})

test.each([
  ...['SHEETS_TIMEOUT_MS', 'SHEETS_TAB_CELLS', 'REDIS_URL', 'GOOGLE_APPLICATION_CREDENTIALS'],
  ...['PATH', 'TZ', 'LC_ALL', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'no_proxy'],
])('%s is passed on, with the emulator and without', (name) => {
  expect(withEmulator({ [name]: 'x' })).toEqual({ ...decided, ...forEmulator, [name]: 'x' })
  expect(withoutEmulator({ [name]: 'x' })).toEqual({ ...decided, [name]: 'x' })
})

test.each([
  ...[
    'AWS_SECRET_ACCESS_KEY',
    'KAFKA_PASSWORD',
    'KAFKA_BROKERS',
    'DOOR_SECRET',
    'FORM_SECRET',
    'DATABASE_URL',
  ],
  ...['SSH_AUTH_SOCK', 'npm_config_token', 'MINE'],
])('sheets does not get %s', (name) => {
  expect(withEmulator({ [name]: 'x' })).toEqual({ ...decided, ...forEmulator })
})

test('only validation gets the secret that signs submissions', async () => {
  const signed = { ...decided, DOOR_SECRET: 's' }
  const settings = { environment: {}, decided: signed, emulator, smtp: undefined }
  const withSecret = (await findTasks()).filter(
    ({ config }) => functionEnvironment({ config, ...settings }).DOOR_SECRET,
  )
  expect(withSecret).toEqual([await findTask('validation')])
})

test('the variables of a config are found whatever schema it is', () => {
  const namesIn = (config: z.ZodType) => Object.keys(variablesIn(config))
  const one = z.object({ ONE: z.string().transform(Number).optional(), URL: z.custom<URL>() })
  const other = z.strictObject({ OTHER: z.coerce.number().default(1) })
  const names = ['ONE', 'URL', 'OTHER']
  expect(namesIn(z.object({}))).toEqual([])
  expect(namesIn(one.refine(() => true).transform(String))).toEqual(['ONE', 'URL'])
  expect(namesIn(one.and(other))).toEqual(names)
  expect(namesIn(z.union([one, other]))).toEqual(names)
  expect(namesIn(one.extend(other.shape).readonly())).toEqual(names)
})
