// Replays on the SQLite log, with two tasks that live in memory.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { type KeyedMessage, toKeyedMessage, toMessage } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { LogRecord } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, silent, submittedEvent } from '#kit/events.fixture.ts'
import { openReading } from '../read-topic.ts'
import { fastRules } from '../source/source.fixture.ts'
import { type Source, startSource } from '../source/source.ts'
import { openClaims } from './claims.ts'
import { type DeadLetter, taskOf, toDeadLetter } from './dead-letter.ts'
import { replay, replayRetries } from './replay.ts'

interface Setup {
  log: SqliteLog
  /** The task and id of each delivery. */
  delivered: [task: string, headers: Record<string, string>][]
  /** Response status by event id; default 204. */
  statuses: Record<string, number | Promise<number>>
  run: (options?: RunOptions) => Promise<Record<string, unknown>[]>
}

interface RunOptions {
  reachable?: (letter: { id: string }) => boolean
  task?: string
  dryRun?: boolean
  discard?: string
  signal?: AbortSignal
}

const withLog = (work: (setup: Setup) => Promise<void>): Promise<void> =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const delivered: Setup['delivered'] = []
    const statuses: Setup['statuses'] = {}
    const sources = new Map<string, Source>()
    for (const task of ['sheets', 'slang']) {
      const post = async (headers: Record<string, string>) => {
        delivered.push([task, headers])
        return { status: (await statuses[headers['ce-id'] ?? '']) ?? 204, body: 'said no' }
      }
      const topic = 'forms.validated'
      const rules = { ...fastRules, inFlight: 100 }
      sources.set(
        task,
        await startSource({ task, topics: [topic], log, post, rules, logger: silent }),
      )
    }
    async function run({ dryRun = false, ...options }: RunOptions = {}) {
      const lines: object[] = []
      const tasks = [...sources.keys()]
      const deliver = (task: string, { original }: DeadLetter) =>
        (sources.get(task) as Source).deliver(original, replayRetries)
      await replay({ log, tasks, deliver, dryRun, ...options }, (line) => lines.push(line))
      return lines as Record<string, unknown>[]
    }
    await work({ log, delivered, statuses, run }).finally(() => log.close())
  })

const letter = (id: string, task: string): KeyedMessage =>
  toKeyedMessage({
    ...submittedEvent({ id }),
    knativeerrordest: `http://${task}.localhost/`,
    knativeerrorcode: '500',
    knativeerrordata: Buffer.from('The task failed').toString('base64'),
  })

async function appendLetters(
  log: SqliteLog,
  ...letters: [id: string, task: string][]
): Promise<void> {
  for (const [id, task] of letters) await log.append('forms.dead-letter', letter(id, task))
}

const ids = ({ delivered }: Setup) =>
  delivered.map(([task, headers]) => `${task} ${headers['ce-id']}`)

test('without dead letters a replay does nothing', () =>
  withLog(async ({ run }) => {
    expect(await run()).toEqual([])
  }))

test('each letter goes to the task that failed, as the original event', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'slang'])
    expect(await setup.run()).toEqual([
      {
        task: 'sheets',
        position: '0/0',
        id: 'a',
        type: 'formstream.submission.submitted',
        form: 'demo',
        reason: '500 The task failed',
        result: 'handled',
      },
      expect.objectContaining({ task: 'slang', id: 'b', result: 'handled' }),
    ])
    expect(ids(setup)).toEqual(['sheets a', 'slang b'])
    const [[, headers] = ['', {}]] = setup.delivered
    expect(headers).toMatchObject({ 'ce-id': 'a', 'ce-subject': 's-1', 'ce-form': 'demo' })
    expect(Object.keys(headers).filter((name) => name.includes('knativeerror'))).toEqual([])
  }))

test('letters that were handled are not sent again, for each task separately', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'slang'])
    await setup.run({ task: 'slang' })
    expect(ids(setup)).toEqual(['slang b'])
    await appendLetters(setup.log, ['c', 'slang'])
    await setup.run()
    expect(ids(setup)).toEqual(['slang b', 'sheets a', 'slang c'])
    expect(await setup.run()).toEqual([])
  }))

test('an event that fails again becomes a new dead letter with the new reason, for the next replay', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'sheets'])
    setup.statuses.a = 422
    const results = (await setup.run()).map(({ id, result }) => `${id} ${result}`)
    expect(results.toSorted()).toEqual(['a dead letter again', 'b handled'])
    setup.statuses.a = 204
    expect(await setup.run()).toMatchObject([{ id: 'a', reason: '422 said no', result: 'handled' }])
  }))

test('a letter that is written during a replay is left for the next one', () =>
  withLog(async (setup) => {
    const third = Promise.withResolvers<void>()
    let seen = 0
    const watcher = await setup.log.consume({
      topic: 'forms.dead-letter',
      from: 'earliest',
      inFlight: 10,
      handle: async () => {
        if (++seen === 3) third.resolve()
      },
    })
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'sheets'])
    setup.statuses.a = 422
    // Responds after the new letter was handed out and the log was asked for its end.
    setup.statuses.b = third.promise.then(() => watcher.lag()).then(() => 204)
    await setup.run()
    expect(ids(setup)).toEqual(['sheets a', 'sheets b'])
    await setup.run()
    expect(ids(setup)).toEqual(['sheets a', 'sheets b', 'sheets a'])
  }))

test('a task that is busy is retried twice', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'])
    setup.statuses.a = 503
    expect(await setup.run()).toMatchObject([{ result: 'dead letter again' }])
    expect(setup.delivered).toHaveLength(3)
  }))

test('a dry run lists all letters and sends none, however often it runs', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'slang'])
    for (let n = 0; n < 2; n++) {
      const lines = await setup.run({ dryRun: true })
      expect(lines).toMatchObject([
        { id: 'a', result: 'would be sent' },
        { id: 'b', result: 'would be sent' },
      ])
    }
    expect(setup.delivered).toEqual([])
    await setup.run()
    expect(ids(setup)).toEqual(['sheets a', 'slang b'])
  }))

test('a replay sends hundreds of letters, each once', () =>
  withLog(async (setup) => {
    const letters = Array.from({ length: 300 }, (_, n) =>
      letter(`${n}`, n % 2 ? 'slang' : 'sheets'),
    )
    await Promise.all(letters.map((event) => setup.log.append('forms.dead-letter', event)))
    expect(await setup.run({ task: 'slang' })).toHaveLength(150)
    expect(new Set(ids(setup)).size).toBe(150)
    expect(await setup.run()).toHaveLength(150)
    expect(new Set(ids(setup)).size).toBe(300)
  }))

test('an unknown task is refused with the names of the existing ones', () =>
  withLog(async ({ run }) => {
    await expect(run({ task: 'nobody' })).rejects.toThrow(
      'Expected one of the tasks sheets, slang, found "nobody"',
    )
  }))

test('the task of a letter is the first part of its destination’s host name', () => {
  const of = (dest: string) => taskOf({ 'ce-knativeerrordest': dest } as LogRecord['headers'])
  expect(of('http://slang.localhost/')).toBe('slang')
  expect(of('http://slang.formstream.svc.cluster.local/')).toBe('slang')
  expect(taskOf({})).toBeUndefined()
})

/** Letters of foreign producers and broken dispatchers. */
const unreadable: [what: string, headers: Record<string, string>, body: string, why: RegExp][] = [
  ['no JSON', {}, '{', /^Expected a valid CloudEvent 1\.0.+; 500 The task failed$/],
  ['no time', { 'ce-time': '' }, '{}', /^Expected a valid CloudEvent 1\.0: .+time/],
  ['a bad time', { 'ce-time': 'noon' }, '{}', /^Expected a valid CloudEvent 1\.0/],
  ['no id', { 'ce-id': '' }, '{}', /attribute id/],
  ['another version', { 'ce-specversion': '9' }, '{}', /specversion/],
  ['no destination', { 'ce-knativeerrordest': '' }, '{}', /^Expected knativeerrordest/],
  ['a destination that is not a URL', { 'ce-knativeerrordest': 'no' }, '{}', /knativeerrordest/],
  [
    'a wrapped record',
    { 'ce-type': 'formstream.record.unreadable' },
    '{"why":"Expected UTF-8"}',
    /^Expected UTF-8; 500/,
  ],
  [
    'a wrapped record that was cut',
    { 'ce-type': 'formstream.record.unreadable' },
    '{"why":"Expected less","complete":false,"record":{"topic":"t","partition":1,"offset":2}}',
    /^Expected less; cut, the whole is t 1\/2; 500/,
  ],
]

/** Appends dead letters that need not be events. */
const appendRaw = (log: SqliteLog, raw: Pick<LogRecord, 'headers' | 'body'>[]) =>
  Promise.all(
    raw.map(({ headers, body }) =>
      log.store.call('append', [
        { topic: 'forms.dead-letter', form: '', key: '', headers: JSON.stringify(headers), body },
      ]),
    ),
  )

const rawOf = (id: string, more: Record<string, string> = {}, body = '{}') => ({
  headers: { ...letter(id, 'sheets').headers, ...more },
  body,
})

test.each(unreadable)(
  'a letter with %s is listed with the reason and never sent',
  (...letterCase) =>
    withLog(async ({ log, delivered, run }) => {
      const [, headers, body, why] = letterCase
      await appendRaw(log, [rawOf('odd', headers, body)])
      for (const dryRun of [true, false, false]) {
        const lines = await run({ dryRun })
        expect(lines).toEqual([
          expect.objectContaining({
            result: 'unreadable',
            position: '0/0',
            reason: expect.stringMatching(why),
          }),
        ])
      }
      expect(delivered).toEqual([])
    }),
)

test('unreadable letters do not keep later letters from being sent, each once', () =>
  withLog(async (setup) => {
    const odd = unreadable.map(([, headers, body], n) => rawOf(`odd ${n}`, headers, body))
    await appendLetters(setup.log, ['a', 'sheets'])
    await appendRaw(setup.log, odd)
    await appendLetters(setup.log, ['b', 'sheets'], ['c', 'slang'])
    for (let n = 0; n < 3; n++) {
      const results = (await setup.run()).map(({ result }) => result)
      const expected = [
        ...odd.map(() => 'unreadable'),
        ...(n === 0 ? Array(3).fill('handled') : []),
      ]
      expect(results.toSorted()).toEqual(expected.toSorted())
    }
    expect(ids(setup).toSorted()).toEqual(['sheets a', 'sheets b', 'slang c'])
  }))

test('control characters in a reason are escaped', () =>
  withLog(async ({ log, run }) => {
    const data = Buffer.from('a\u001b[2Jb\n\u202ec').toString('base64')
    await appendRaw(log, [rawOf('odd', { 'ce-knativeerrordata': data })])
    expect(await run({ dryRun: true })).toMatchObject([
      { reason: '500 a\\u{1b}[2Jb\\u{a}\\u{202e}c' },
    ])
  }))

test('control characters in an id, a type or a form are escaped', () =>
  withLog(async ({ log, run }) => {
    const id = 'a\u202eb'
    const headers = { 'ce-type': `t\u200b${'x'.repeat(900)}`, 'ce-form': '\u2066f' }
    await appendRaw(log, [rawOf('odd', { ...headers, 'ce-id': id })])
    expect(await run({ dryRun: true })).toMatchObject([
      {
        id: 'a\\u{202e}b',
        type: expect.stringMatching(/^t\\u\{200b\}x{198}…$/),
        form: '\\u{2066}f',
      },
    ])
    expect(await run({ discard: id })).toMatchObject([{ result: 'discarded' }])
  }))

test('unreadable letters can be discarded all at once, any letter by its position or id', () =>
  withLog(async (setup) => {
    await appendRaw(setup.log, [rawOf('odd', {}, '{'), rawOf('even', {}, '{')])
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'sheets'])
    expect(await setup.run({ discard: 'unreadable', dryRun: true })).toMatchObject([
      { id: 'odd', result: 'would be discarded' },
      { id: 'even', result: 'would be discarded' },
    ])
    expect(await setup.run({ discard: '0/0' })).toMatchObject([{ id: 'odd', result: 'discarded' }])
    expect(await setup.run({ discard: 'a' })).toMatchObject([{ id: 'a', result: 'discarded' }])
    expect(await setup.run({ discard: 'unreadable' })).toMatchObject([{ id: 'even' }])
    expect(await setup.run({ discard: 'unreadable' })).toEqual([])
    await expect(setup.run({ discard: 'a' })).rejects.toThrow(
      'Expected the position or id of an open dead letter, found "a"',
    )
    expect(setup.delivered).toEqual([])
    expect(await setup.run()).toMatchObject([{ id: 'b', result: 'handled' }])
  }))

test('a letter of a task that no longer exists is listed and stays open', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'gone'], ['b', 'sheets'])
    expect((await setup.run()).map(({ result }) => result)).toEqual(['no such task', 'handled'])
    expect(await setup.run()).toMatchObject([{ id: 'a', result: 'no such task' }])
  }))

test('a letter whose task has no known address is listed and stays open; the others are sent', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'sheets'])
    const reachable = ({ id }: { id: string }) => id !== 'a'
    const results = async (dryRun: boolean) =>
      (await setup.run({ reachable, dryRun })).map(({ id, result }) => `${id} ${result}`)
    expect(await results(true)).toEqual(['a no address', 'b would be sent'])
    expect(await results(false)).toEqual(['a no address', 'b handled'])
    expect(await results(false)).toEqual(['a no address'])
  }))

test('two concurrent replays together send each letter once', () =>
  withLog(async (setup) => {
    const letters = Array.from({ length: 100 }, (_, n) => [`${n}`, 'sheets'] as [string, string])
    await appendLetters(setup.log, ...letters)
    const both = await Promise.all([setup.run(), setup.run()])
    const handled = both.flat().filter(({ result }) => result === 'handled')
    expect([handled.length, setup.delivered.length]).toEqual([100, 100])
    expect(new Set(ids(setup)).size).toBe(100)
    expect(await setup.run()).toEqual([])
  }))

test('an interrupted replay completes the letters it sent; the next one sends the rest', () =>
  withLog(async (setup) => {
    const letters = Array.from({ length: 60 }, (_, n) => [`${n}`, 'sheets'] as [string, string])
    await appendLetters(setup.log, ...letters)
    const stop = new AbortController()
    const held = Promise.withResolvers<number>()
    for (let n = 10; n < 60; n++) setup.statuses[n] = held.promise
    const running = setup.run({ signal: stop.signal })
    while (setup.delivered.length < 25) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    held.resolve(204)
    const first = await running
    expect(first.length).toBeLessThan(60)
    expect(first.length).toBe(setup.delivered.length)
    expect(await setup.run()).toHaveLength(60 - first.length)
    expect([setup.delivered.length, new Set(ids(setup)).size]).toEqual([60, 60])
  }))

test('a letter that a killed replay had claimed is left alone for ten minutes, then sent', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'], ['b', 'sheets'])
    const [{ key }] = [await firstLetter(setup.log)]
    const killed = await openClaims(setup.log, () => Date.now() - 9 * 60_000)
    expect(await killed.claim(key)).toBe(true)
    await killed.close()
    expect(await setup.run()).toMatchObject([
      { id: 'a', result: 'in hand' },
      { id: 'b', result: 'handled' },
    ])
    const later = await openClaims(setup.log, () => Date.now() + 11 * 60_000)
    expect([later.stateOf(key), await later.claim(key)]).toEqual(['open', true])
    await later.complete(key, 'handled')
    await later.close()
    expect(await setup.run()).toEqual([])
  }))

test('if a letter cannot be sent, its claim is released and the replay fails with the reason', () =>
  withLog(async (setup) => {
    await appendLetters(setup.log, ['a', 'sheets'])
    const options = { log: setup.log, tasks: ['sheets'], dryRun: false }
    const deliver = () => Promise.reject(new Error('Expected a task, found none'))
    await expect(replay({ ...options, deliver }, () => {})).rejects.toThrow('Expected a task')
    expect(await setup.run()).toMatchObject([{ id: 'a', result: 'handled' }])
  }))

test('letters in a recreated topic are not mistaken for handled ones at the same position', () =>
  withLog(async ({ log, run }) => {
    await appendLetters(log, ['a', 'sheets'])
    const old = await openClaims(log)
    await old.claim('0/0/other')
    await old.complete('0/0/other', 'handled')
    await old.close()
    expect(await run()).toMatchObject([{ id: 'a', result: 'handled' }])
  }))

test('foreign events on the topic of claims have no effect', () =>
  withLog(async ({ log, run }) => {
    await appendLetters(log, ['a', 'sheets'])
    const { key } = await firstLetter(log)
    const foreign = (type: string, more: object) => ({
      ...toMessage(new CloudEvent({ type, source: '/x', subject: key, ...more })),
      key,
    })
    await log.append('forms.replayed', toKeyedMessage(submittedEvent()))
    await log.append('forms.replayed', foreign('formstream.letter.claimed', { time: undefined }))
    const time = '2090-01-01T00:00:00Z'
    await log.append('forms.replayed', foreign('formstream.letter.claimed', { time }))
    expect(await run()).toMatchObject([{ id: 'a' }])
  }))

async function firstLetter(log: SqliteLog): Promise<DeadLetter> {
  const { read, close } = await openReading(log, 'forms.dead-letter')
  const letters: DeadLetter[] = []
  await read(async (record) => void letters.push(toDeadLetter(record)))
  await close()
  return letters[0] as DeadLetter
}
