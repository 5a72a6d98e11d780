// What functions of `npm start` find in their environment: what they need of what was set, else what the emulator wants.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { findTask, findTasks } from '#kit/find-tasks.ts'
import { Config } from '../../functions/sheets/config.ts'
import { variablesIn } from './child-environment.ts'
import { functionEnvironment } from './function-environment.ts'

const own = { DATA_DIR: '/data', FORMS_DIR: '/forms', LOG_LEVEL: 'info' }
const emulator = 'http://127.0.0.1:8081'

const found = (set: Record<string, string>, at: string | undefined = emulator) =>
  functionEnvironment({ config: Config, set, own, emulator: at })

const forEmulator = {
  SHEETS_BATCH_MS: '20',
  SHEETS_WATERMARK_MS: '100',
  SHEETS_CALLS_PER_MINUTE: '100000',
  SHEETS_ROOT_URL: `${emulator}/`,
}
const withoutEmulator = (set: Record<string, string>) =>
  functionEnvironment({ config: Config, set, own, emulator: undefined })

test('with the emulator rows are written at once', () => {
  expect(found({})).toEqual({ ...own, ...forEmulator })
})

test('without it no default is handed on', () => {
  expect(withoutEmulator({})).toEqual(own)
})

test.each(Object.keys(forEmulator))('%s is what was set, with the emulator too', (name) => {
  expect(found({ [name]: '5000' })).toEqual({ ...own, ...forEmulator, [name]: '5000' })
  expect(found({ [name]: '' })).toEqual({ ...own, ...forEmulator })
})

test.each([
  ...['SHEETS_TIMEOUT_MS', 'SHEETS_TAB_CELLS', 'REDIS_URL', 'GOOGLE_APPLICATION_CREDENTIALS'],
  ...['PATH', 'TZ', 'LC_ALL', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'no_proxy'],
])('%s is what was set, with the emulator and without', (name) => {
  expect(found({ [name]: 'x' })).toEqual({ ...own, ...forEmulator, [name]: 'x' })
  expect(withoutEmulator({ [name]: 'x' })).toEqual({ ...own, [name]: 'x' })
})

test.each([
  ...['AWS_SECRET_ACCESS_KEY', 'KAFKA_PASSWORD', 'KAFKA_BROKERS', 'DOOR_SECRET', 'DATABASE_URL'],
  ...['SSH_AUTH_SOCK', 'npm_config_token', 'MINE'],
])('%s is not for sheets', (name) => {
  expect(found({ [name]: 'x' })).toEqual({ ...own, ...forEmulator })
})

test('the secret of the door is for validation alone', async () => {
  const given = { set: {}, own: { ...own, DOOR_SECRET: 's' }, emulator }
  const told = (await findTasks()).filter(
    ({ config }) => functionEnvironment({ config, ...given }).DOOR_SECRET,
  )
  expect(told).toEqual([await findTask('validation')])
})

test('the variables of a config are known whatever it is made of', () => {
  const one = z.object({ ONE: z.string().transform(Number).optional(), URL: z.custom<URL>() })
  const other = z.strictObject({ OTHER: z.coerce.number().default(1) })
  const names = ['ONE', 'URL', 'OTHER']
  expect(variablesIn(z.object({}))).toEqual([])
  expect(variablesIn(one.refine(() => true).transform(String))).toEqual(['ONE', 'URL'])
  expect(variablesIn(one.and(other))).toEqual(names)
  expect(variablesIn(z.union([one, other]))).toEqual(names)
  expect(variablesIn(one.extend(other.shape).readonly())).toEqual(names)
})
