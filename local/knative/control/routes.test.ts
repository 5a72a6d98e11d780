// The control API on a real log.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { type Message, toKeyedMessage } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, silent, submittedEvent } from '#kit/events.fixture.ts'
import { toLetter } from '../../../functions/dead-letter/letter.ts'
import { buildPlatform } from '../platform.ts'
import type { Source } from '../source/source.ts'
import { connectInstance } from './instance-client.ts'
import { addControl } from './routes.ts'

const topic = 'forms.submitted'

const withPlatform = (
  work: (log: SqliteLog, platform: ReturnType<typeof buildPlatform>) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const platform = buildPlatform({ log, tasks: [], env: () => ({}), idle: 1000, logger: silent })
    addControl(platform, log)
    await work(log, platform).finally(() => log.close())
  })

test('a topic can be watched, and closing does not wait for the watching client', () =>
  withPlatform(async (log, platform) => {
    const url = await platform.start()
    await log.append(topic, toKeyedMessage(submittedEvent()))
    const answer = await fetch(`${url}/topics/${topic}?from=earliest`)
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    const { value } = await reader.read()
    expect(JSON.parse(value ?? '')).toMatchObject({ offset: 0, id: submittedEvent().id })
    await platform.close()
    await expect(reader.read()).rejects.toThrow()
  }))

test('watching a topic that cannot be read is an error', () =>
  withPlatform(async (log, platform) => {
    log.consume = async () => {
      throw new Error('Cannot read the topic')
    }
    const control = await platform.start()
    const watching = connectInstance({ control, token: '' }).watch(topic)
    await expect(watching.next()).rejects.toThrow('found 503: Cannot read the topic')
    await platform.close()
  }))

test('a client that leaves before its topic can be read leaves no consumer', () =>
  withPlatform(async (log, platform) => {
    const [asked, joined, closed] = [0, 1, 2].map(() => Promise.withResolvers<void>())
    const consume = log.consume.bind(log)
    log.consume = async (subscription) => {
      asked!.resolve()
      await joined!.promise
      const consumer = await consume(subscription)
      return { ...consumer, close: () => consumer.close().then(closed!.resolve) }
    }
    const control = await platform.start()
    const client = new AbortController()
    const { signal } = client
    const watching = connectInstance({ control, token: '' }).watch(topic, { signal }).next()
    await asked!.promise
    client.abort()
    await expect(watching).rejects.toThrow('aborted')
    await delay(100)
    joined!.resolve()
    await closed!.promise
    await platform.close()
  }))

test('a replay for an unknown task returns an error', () =>
  withPlatform(async (_log, platform) => {
    const url = await platform.start()
    const replayed = connectInstance({ control: url, token: '' }).replay({
      task: 'nobody',
      dryRun: false,
    })
    await expect(replayed.next()).rejects.toThrow(/^Expected one of the tasks/)
    await platform.close()
  }))

test('an event is one line of JSON, whatever its body is', () =>
  withPlatform(async (log, platform) => {
    const url = await platform.start()
    const bodies = ['{\n  "n": 12345678901234567890\r\n}', 'no JSON', '']
    for (const body of bodies)
      await log.append(topic, { ...toKeyedMessage(submittedEvent()), body })
    const answer = await fetch(`${url}/topics/${topic}?from=earliest`)
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (text.split('\n').length <= bodies.length) text += (await reader.read()).value ?? ''
    await platform.close()
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).data)).toEqual([
      { n: expect.any(Number) },
      'no JSON',
      null,
    ])
    expect(lines[0]).toContain('12345678901234567890')
  }))

test('a replay lists unreadable letters, and discards them when asked', () =>
  withPlatform(async (log, platform) => {
    const url = await platform.start()
    await log.append('forms.dead-letter', toLetter({ headers: {}, body: '{' }, {}).message)
    const client = connectInstance({ control: url, token: '' })
    const results = async (dryRun: boolean, discard?: string) => {
      const found: string[] = []
      for await (const { result } of client.replay({ dryRun, discard })) found.push(result)
      return found
    }
    expect(await results(true)).toEqual(['unreadable'])
    expect(await results(false)).toEqual(['unreadable'])
    expect(await results(true, 'unreadable')).toEqual(['would be discarded'])
    expect(await results(false, 'unreadable')).toEqual(['discarded'])
    expect(await results(false)).toEqual([])
    await platform.close()
  }))

test('the records of a topic are read unchanged, with their number in a header, and the response ends', () =>
  withPlatform(async (log, platform) => {
    const url = await platform.start()
    await log.append(topic, toKeyedMessage(submittedEvent({ subject: 'with a space' })))
    const answer = await fetch(`${url}/topics/${topic}/records`)
    expect(answer.headers.get('formstream-total')).toBe('1')
    const record = JSON.parse(await answer.text())
    expect(record.headers).toMatchObject({ 'ce-subject': 'with%20a%20space', 'ce-form': 'demo' })
    expect(JSON.parse(record.body)).toEqual(submittedEvent().data)
    expect(await (await fetch(`${url}/topics/forms.validated/records`)).text()).toBe('')
    expect((await fetch(`${url}/topics/nothing/records`)).status).toBe(404)
    await platform.close()
  }))

test('an event is delivered to a task again, with unchanged headers', () =>
  withPlatform(async (_log, platform) => {
    const url = await platform.start()
    const delivered: Message[] = []
    const source = {
      topics: [topic],
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
