// Uses the process of a real task.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, silent } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { buildPlatform } from './platform.ts'

test('a schedule starts its task without an event; closing ends both', () =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const every = { schedule: '* * * * * *', handle: async () => {} }
    const tasks = [{ ...(await findTask('validation')), every }]
    const platform = buildPlatform({ log, tasks, env: () => ({}), idle: 60_000, logger: silent })
    await platform.start()
    const running = platform.functions.get('validation')!
    while (running.pid === undefined) await new Promise((resolve) => setTimeout(resolve, 50))
    const pid = (await running.pid) as number
    expect(() => process.kill(pid, 0)).not.toThrow()
    await platform.close()
    expect(running.pid).toBeUndefined()
    expect(() => process.kill(pid, 0)).toThrow()
    await log.close()
  }))
