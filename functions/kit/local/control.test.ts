// What the commands ask a running instance for, on a real log.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { topicsOf } from '#kafka/event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log-sqlite.ts'
import { inFolder, silent, submittedEvent } from '../given.ts'
import { addControl } from './control.ts'
import { buildPlatform } from './platform.ts'

const topic = 'forms.submitted'

const given = (
  work: (log: SqliteLog, platform: ReturnType<typeof buildPlatform>) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const platform = buildPlatform({ log, tasks: [], env: {}, idle: 1000, logger: silent })
    addControl(platform, log)
    await work(log, platform).finally(() => log.close())
  })

test('a topic can be watched, and whoever watches does not hold up the end', () =>
  given(async (log, platform) => {
    const url = await platform.start()
    await log.append(topic, submittedEvent())
    const answer = await fetch(`${url}/topics/${topic}?from=earliest`)
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    const { value } = await reader.read()
    expect(JSON.parse(value ?? '')).toMatchObject({ offset: 0, id: submittedEvent().id })
    await platform.close()
    await expect(reader.read()).rejects.toThrow()
  }))

test('a replay for a task that does not exist says so', () =>
  given(async (_log, platform) => {
    const url = await platform.start()
    const answer = await fetch(`${url}/replay?task=nobody`, { method: 'POST' })
    expect(JSON.parse(await answer.text()).error).toMatch(/^Expected one of the tasks/)
    await platform.close()
  }))
