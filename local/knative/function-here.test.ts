// A task that runs in this process, on an embedded log: it gets the events of all its topics, once each, also after a restart.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { type Draft, type FormEvent, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { eventOf, inFolder, makeLog, silent } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { SqliteStatusReader } from '#kit/status/sqlite/read-status.ts'
import { FunctionHere } from './function-here.ts'
import { buildPlatform, type Platform } from './platform.ts'

const from = (task: string, draft: unknown): FormEvent =>
  eventOf(draft as Draft, { id: `s-1.${task}.0`, source: `/tasks/${task}` }) as FormEvent

const validated = from('validation', declared.submissionValidated({ version: 'v', answers: {} }))
const row = { spreadsheet: 's', tab: 't', row: 7 }
const recorded = from('sheets', declared.submissionRecorded(row))
const letter = {
  ...validated,
  knativeerrordest: 'http://sheets.localhost/',
  knativeerrorcode: '422',
  knativeerrordata: '',
}

async function open(folder: string): Promise<{ log: SqliteLog; platform: Platform }> {
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  const platform = buildPlatform({
    log,
    tasks: [await findTask('receipts')],
    env: () => ({
      DATA_DIR: folder,
      FORMS_DIR: folder,
      LOG_LEVEL: 'silent',
      RECEIPT_DAYS: '100000',
    }),
    idle: 1,
    logger: silent,
  })
  await platform.start()
  return { log, platform }
}

const close = async ({ log, platform }: Awaited<ReturnType<typeof open>>): Promise<void> => {
  // Else prom-client would be loaded two seconds later, when the test is over.
  await platform.functions.get('receipts')?.get('/metrics')
  await platform.close()
  await log.close()
}

test('events of several topics are handled, a dead letter before its success; a restart goes on', () =>
  inFolder(async (folder) => {
    const reader = new SqliteStatusReader(join(folder, 'receipts.sqlite'), () => Date.now() * 1e6)
    const first = await open(folder)
    const source = first.platform.sources.get('receipts')!
    const handled = async ({ platform }: typeof first) => {
      while (((await platform.sources.get('receipts')?.lag()) ?? 0) > 0)
        await new Promise(setImmediate)
      return (await reader.get('s-1'))?.outcomes
    }
    expect(source.topics).toHaveLength(6)
    await first.log.append('forms.validated', toKeyedMessage(validated))
    await first.log.append('forms.dead-letter', toKeyedMessage(letter))
    expect(await source.lag()).toBeGreaterThanOrEqual(0)
    expect(await handled(first)).toMatchObject({
      validation: { state: 'validated' },
      sheets: { state: 'failed', final: true },
    })
    expect(await source.oldest()).toBeUndefined()
    // It has no process, so no process id.
    expect(await first.platform.functions.get('receipts')?.pid).toBeUndefined()
    await close(first)

    const second = await open(folder)
    expect(await second.platform.sources.get('receipts')?.lag()).toBe(0)
    await second.log.append('forms.recorded', toKeyedMessage(recorded))
    expect(await handled(second)).toMatchObject({
      sheets: { state: 'recorded', tab: 't', row: 7 },
    })
    await close(second)
    reader.close()
  }))

test('it answers like a process, and one that cannot be opened is tried again', () =>
  inFolder(async (folder) => {
    const { log: logger, lines } = makeLog()
    const env = { DATA_DIR: join(folder, 'missing'), FORMS_DIR: folder, LOG_LEVEL: 'silent' }
    const here = new FunctionHere({ name: 'receipts', env: () => env, logger })
    const { headers, body } = toKeyedMessage(validated)
    expect(await here.get('/health/readiness')).toBeUndefined()
    await expect(here.post(headers, body)).rejects.toThrow('Expected to open')
    expect(lines()).toMatchObject([{ task: 'receipts', msg: 'task not opened' }])
    env.DATA_DIR = folder
    expect(await here.post(headers, body)).toEqual({ status: 204, body: '' })
    expect((await here.post(headers, '{')).status).toBe(400)
    expect(await here.get('/health/readiness')).toMatchObject({ status: 200 })
    expect((await here.get('/metrics'))?.body).toContain('formstream_deliveries_total')
    await here.stop()
  }))
