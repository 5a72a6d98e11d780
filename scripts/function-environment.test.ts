// What functions of `npm start` find in their environment: what was set, else what the emulator wants.
import { expect, test } from '@jest/globals'
import { functionEnvironment } from './function-environment.ts'

const own = { DATA_DIR: '/data', FORMS_DIR: '/forms', LOG_LEVEL: 'info' }
const emulator = 'http://127.0.0.1:8081'

/** As a function's process gets it: what it inherits, and what it is handed. */
const found = (set: Record<string, string>, at: string | undefined = emulator) => ({
  ...set,
  ...functionEnvironment({ set, own, emulator: at }),
})

const forEmulator = {
  SHEETS_BATCH_MS: '20',
  SHEETS_WATERMARK_MS: '100',
  SHEETS_CALLS_PER_MINUTE: '100000',
  SHEETS_ROOT_URL: `${emulator}/`,
}

test('with the emulator rows are written at once', () => {
  expect(found({})).toEqual({ ...own, ...forEmulator })
})

test('without it no default is handed on', () => {
  expect(functionEnvironment({ set: {}, own, emulator: undefined })).toEqual(own)
})

test.each(Object.keys(forEmulator))('%s is what was set, with the emulator too', (name) => {
  expect(found({ [name]: '5000' })).toEqual({ ...own, ...forEmulator, [name]: '5000' })
  expect(found({ [name]: '' })).toEqual({ ...own, ...forEmulator })
})

test.each(['SHEETS_TIMEOUT_MS', 'SHEETS_TAB_CELLS', 'REDIS_URL', 'IDLE_SECONDS', 'MINE'])(
  '%s is what was set, with the emulator and without',
  (name) => {
    expect(found({ [name]: 'x' })).toMatchObject({ [name]: 'x' })
    expect(functionEnvironment({ set: { [name]: 'x' }, own, emulator: undefined })).toEqual(own)
  },
)
