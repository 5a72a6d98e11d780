// What the commands ask a running instance for, on a real log.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Message } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { letterOf } from '#kit/dead-letters/letter.ts'
import { inFolder, silent, submittedEvent } from '#kit/events.fixture.ts'
import { buildPlatform } from '../platform.ts'
import type { Source } from '../source/source.ts'
import { addControl } from './routes.ts'

const topic = 'forms.submitted'

const given = (
  work: (log: SqliteLog, platform: ReturnType<typeof buildPlatform>) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const platform = buildPlatform({ log, tasks: [], env: () => ({}), idle: 1000, logger: silent })
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

test('a replay lists what cannot be read, and discards it when asked', () =>
  given(async (log, platform) => {
    const url = await platform.start()
    await log.append('forms.dead-letter', letterOf({ headers: {}, body: '{' }, {}).event)
    const replayed = async (query: string) => {
      const answer = await fetch(`${url}/replay?${query}`, { method: 'POST' })
      return (await answer.text()).split('\n').filter((line) => line !== '')
    }
    const results = async (query: string) =>
      (await replayed(query)).map((line) => JSON.parse(line).result)
    expect(await results('dryRun=true')).toEqual(['unreadable'])
    expect(await results('')).toEqual(['unreadable'])
    expect(await results('discard=unreadable&dryRun=true')).toEqual(['would be discarded'])
    expect(await results('discard=unreadable')).toEqual(['discarded'])
    expect(await results('')).toEqual([])
    await platform.close()
  }))

test('all that a topic holds is read as it lies there, with how many there are; then the answer ends', () =>
  given(async (log, platform) => {
    const url = await platform.start()
    await log.append(topic, submittedEvent({ subject: 'with a space' }))
    const answer = await fetch(`${url}/topics/${topic}/records`)
    expect(answer.headers.get('formstream-total')).toBe('1')
    const record = JSON.parse(await answer.text())
    expect(record.headers).toMatchObject({ 'ce-subject': 'with%20a%20space', 'ce-form': 'demo' })
    expect(JSON.parse(record.body)).toEqual(submittedEvent().data)
    expect(await (await fetch(`${url}/topics/forms.validated/records`)).text()).toBe('')
    expect((await fetch(`${url}/topics/nothing/records`)).status).toBe(404)
    await platform.close()
  }))

test('an event is delivered to a task once more, as it was sent', () =>
  given(async (_log, platform) => {
    const url = await platform.start()
    const delivered: Message[] = []
    const source = {
      topic,
      lag: async () => 0,
      oldest: async () => undefined,
      lettersWaiting: () => 0,
      problem: () => undefined,
      skip: async () => {},
      close: async () => {},
      async deliver(record: Message) {
        delivered.push(record)
        return record.body !== 'refused'
      },
    }
    ;(platform.sources as Map<string, Source>).set('sheets', source)
    const headers = { 'content-type': 'application/json', 'ce-id': 'a', 'ce-again': 'true' }
    const post = (task: string, body: string) =>
      fetch(`${url}/deliveries/${task}`, { method: 'POST', headers, body })
    expect((await post('sheets', '{}')).status).toBe(204)
    expect(delivered).toEqual([{ headers, body: '{}' }])
    expect((await post('sheets', 'refused')).status).toBe(502)
    expect((await post('nobody', '{}')).status).toBe(404)
    await platform.close()
  }))
