// Replay on the embedded log: dead letters go back to the task that failed, each once.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { toMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { LogRecord } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, silent, submittedEvent } from '#kit/events.fixture.ts'
import { openReading } from '../read-topic.ts'
import { quick } from '../source/source.fixture.ts'
import { type Source, startSource } from '../source/source.ts'
import { openSettlements } from './claims.ts'
import { type DeadLetter, taskOf, toDeadLetter } from './dead-letter.ts'
import { replay, retries } from './replay.ts'

interface Given {
  log: SqliteLog
  /** The task and id of each delivery. */
  delivered: [task: string, headers: Record<string, string>][]
  /** What each event id is answered with from now on. */
  statuses: Record<string, number | Promise<number>>
  run: (options?: Asked) => Promise<Record<string, unknown>[]>
}

interface Asked {
  reachable?: (letter: { id: string }) => boolean
  task?: string
  dryRun?: boolean
  discard?: string
  signal?: AbortSignal
}

const onLog = (work: (given: Given) => Promise<void>): Promise<void> =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    const delivered: Given['delivered'] = []
    const statuses: Given['statuses'] = {}
    const sources = new Map<string, Source>()
    for (const task of ['sheets', 'slang']) {
      const post = async (headers: Record<string, string>) => {
        delivered.push([task, headers])
        return { status: (await statuses[headers['ce-id'] ?? '']) ?? 204, body: 'said no' }
      }
      const topic = 'forms.validated'
      const rules = { ...quick, inFlight: 100 }
      sources.set(task, await startSource({ task, topic, log, post, rules, logger: silent }))
    }
    async function run({ dryRun = false, ...asked }: Asked = {}) {
      const lines: object[] = []
      const tasks = [...sources.keys()]
      const deliver = (task: string, { came }: DeadLetter) =>
        (sources.get(task) as Source).deliver(came, retries)
      await replay({ log, tasks, deliver, dryRun, ...asked }, (line) => lines.push(line))
      return lines as Record<string, unknown>[]
    }
    await work({ log, delivered, statuses, run }).finally(() => log.close())
  })

const letter = (id: string, task: string): FormEvent =>
  submittedEvent({ id }).cloneWith({
    knativeerrordest: `http://${task}.localhost/`,
    knativeerrorcode: '500',
    knativeerrordata: Buffer.from('The task failed').toString('base64'),
  }) as FormEvent

async function die(log: SqliteLog, ...letters: [id: string, task: string][]): Promise<void> {
  for (const [id, task] of letters) await log.append('forms.dead-letter', letter(id, task))
}

const ids = ({ delivered }: Given) =>
  delivered.map(([task, headers]) => `${task} ${headers['ce-id']}`)

test('without dead letters a replay has nothing to do', () =>
  onLog(async ({ run }) => {
    expect(await run()).toEqual([])
  }))

test('each letter goes to the task that failed, as the event that it was', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'slang'])
    expect(await given.run()).toEqual([
      {
        task: 'sheets',
        place: '0/0',
        id: 'a',
        type: 'formstream.submission.submitted',
        form: 'demo',
        reason: '500 The task failed',
        result: 'handled',
      },
      expect.objectContaining({ task: 'slang', id: 'b', result: 'handled' }),
    ])
    expect(ids(given)).toEqual(['sheets a', 'slang b'])
    const [[, headers] = ['', {}]] = given.delivered
    expect(headers).toMatchObject({ 'ce-id': 'a', 'ce-subject': 's-1', 'ce-form': 'demo' })
    expect(Object.keys(headers).filter((name) => name.includes('knativeerror'))).toEqual([])
  }))

test('a replay goes on where the last one ended, for each task by itself', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'slang'])
    await given.run({ task: 'slang' })
    expect(ids(given)).toEqual(['slang b'])
    await die(given.log, ['c', 'slang'])
    await given.run()
    expect(ids(given)).toEqual(['slang b', 'sheets a', 'slang c'])
    expect(await given.run()).toEqual([])
  }))

test('what fails again is a dead letter again, with the new reason, for the next replay', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'sheets'])
    given.statuses.a = 422
    const results = (await given.run()).map(({ id, result }) => `${id} ${result}`)
    expect(results.toSorted()).toEqual(['a dead letter again', 'b handled'])
    given.statuses.a = 204
    expect(await given.run()).toMatchObject([{ id: 'a', reason: '422 said no', result: 'handled' }])
  }))

test('a letter that a replay writes while it runs is for the next one', () =>
  onLog(async (given) => {
    const third = Promise.withResolvers<void>()
    let seen = 0
    const watcher = await given.log.consume({
      topic: 'forms.dead-letter',
      from: 'earliest',
      inFlight: 10,
      handle: async () => {
        if (++seen === 3) third.resolve()
      },
    })
    await die(given.log, ['a', 'sheets'], ['b', 'sheets'])
    given.statuses.a = 422
    // The answer comes once the new letter was handed out: asking the log for its end comes after that.
    given.statuses.b = third.promise.then(() => watcher.lag()).then(() => 204)
    await given.run()
    expect(ids(given)).toEqual(['sheets a', 'sheets b'])
    await given.run()
    expect(ids(given)).toEqual(['sheets a', 'sheets b', 'sheets a'])
  }))

test('what is only busy is retried twice', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'])
    given.statuses.a = 503
    expect(await given.run()).toMatchObject([{ result: 'dead letter again' }])
    expect(given.delivered).toHaveLength(3)
  }))

test('a dry run shows all and sends nothing, however often', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'slang'])
    for (let n = 0; n < 2; n++) {
      const lines = await given.run({ dryRun: true })
      expect(lines).toMatchObject([
        { id: 'a', result: 'would be sent' },
        { id: 'b', result: 'would be sent' },
      ])
    }
    expect(given.delivered).toEqual([])
    await given.run()
    expect(ids(given)).toEqual(['sheets a', 'slang b'])
  }))

test('hundreds of letters go in one replay, each once', () =>
  onLog(async (given) => {
    const letters = Array.from({ length: 300 }, (_, n) =>
      letter(`${n}`, n % 2 ? 'slang' : 'sheets'),
    )
    await Promise.all(letters.map((event) => given.log.append('forms.dead-letter', event)))
    expect(await given.run({ task: 'slang' })).toHaveLength(150)
    expect(new Set(ids(given)).size).toBe(150)
    expect(await given.run()).toHaveLength(150)
    expect(new Set(ids(given)).size).toBe(300)
  }))

test('a task that does not exist is refused, with the names of those that do', () =>
  onLog(async ({ run }) => {
    await expect(run({ task: 'nobody' })).rejects.toThrow(
      'Expected one of the tasks sheets, slang, found "nobody"',
    )
  }))

test('the task of a letter is the host of its destination, here and in a cluster', () => {
  const of = (dest: string) => taskOf({ 'ce-knativeerrordest': dest } as LogRecord['headers'])
  expect(of('http://slang.localhost/')).toBe('slang')
  expect(of('http://slang.formstream.svc.cluster.local/')).toBe('slang')
  expect(taskOf({})).toBeUndefined()
})

/** As foreign producers and broken dispatchers leave them. */
const unreadable: [what: string, headers: Record<string, string>, body: string, why: RegExp][] = [
  ['no JSON', {}, '{', /^Expected a valid CloudEvent 1\.0.+; 500 The task failed$/],
  ['no time', { 'ce-time': '' }, '{}', /^Expected a valid CloudEvent 1\.0: .+time/],
  ['a bad time', { 'ce-time': 'noon' }, '{}', /^Expected a valid CloudEvent 1\.0/],
  ['no id', { 'ce-id': '' }, '{}', /attribute id/],
  ['another version', { 'ce-specversion': '9' }, '{}', /specversion/],
  ['no destination', { 'ce-knativeerrordest': '' }, '{}', /^Expected knativeerrordest/],
  ['a destination that is none', { 'ce-knativeerrordest': 'no' }, '{}', /knativeerrordest/],
  [
    'what a source wrapped',
    { 'ce-type': 'formstream.record.unreadable' },
    '{"why":"Expected UTF-8"}',
    /^Expected UTF-8; 500/,
  ],
  [
    'what a source wrapped and cut',
    { 'ce-type': 'formstream.record.unreadable' },
    '{"why":"Expected less","complete":false,"record":{"topic":"t","partition":1,"offset":2}}',
    /^Expected less; cut, the whole is t 1\/2; 500/,
  ],
]

/** A log whose dead letters are what lies there, events or not. */
const withRaw = (log: SqliteLog, raw: Pick<LogRecord, 'headers' | 'body'>[]) =>
  Promise.all(
    raw.map(({ headers, body }) =>
      log.call('append', [
        { topic: 'forms.dead-letter', form: '', key: '', headers: JSON.stringify(headers), body },
      ]),
    ),
  )

const rawOf = (id: string, more: Record<string, string> = {}, body = '{}') => ({
  headers: { ...toMessage(letter(id, 'sheets')).headers, ...more },
  body,
})

test.each(unreadable)('a letter with %s is listed with why, and is never handled', (...given) =>
  onLog(async ({ log, delivered, run }) => {
    const [, headers, body, why] = given
    await withRaw(log, [rawOf('odd', headers, body)])
    for (const dryRun of [true, false, false]) {
      const lines = await run({ dryRun })
      expect(lines).toEqual([
        expect.objectContaining({
          result: 'unreadable',
          place: '0/0',
          reason: expect.stringMatching(why),
        }),
      ])
    }
    expect(delivered).toEqual([])
  }),
)

test('letters that cannot be read hold up nothing, and no replay sends again what stands behind', () =>
  onLog(async (given) => {
    const odd = unreadable.map(([, headers, body], n) => rawOf(`odd ${n}`, headers, body))
    await die(given.log, ['a', 'sheets'])
    await withRaw(given.log, odd)
    await die(given.log, ['b', 'sheets'], ['c', 'slang'])
    for (let n = 0; n < 3; n++) {
      const results = (await given.run()).map(({ result }) => result)
      const expected = [
        ...odd.map(() => 'unreadable'),
        ...(n === 0 ? Array(3).fill('handled') : []),
      ]
      expect(results.toSorted()).toEqual(expected.toSorted())
    }
    expect(ids(given).toSorted()).toEqual(['sheets a', 'sheets b', 'slang c'])
  }))

test('a control character of anybody’s reason does not reach the terminal', () =>
  onLog(async ({ log, run }) => {
    const data = Buffer.from('a\u001b[2Jb\n\u202ec').toString('base64')
    await withRaw(log, [rawOf('odd', { 'ce-knativeerrordata': data })])
    expect(await run({ dryRun: true })).toMatchObject([
      { reason: '500 a\\u{1b}[2Jb\\u{a}\\u{202e}c' },
    ])
  }))

test('nor one of an id, a type or a form', () =>
  onLog(async ({ log, run }) => {
    const id = 'a\u202eb'
    const headers = { 'ce-type': `t\u200b${'x'.repeat(900)}`, 'ce-form': '\u2066f' }
    await withRaw(log, [rawOf('odd', { ...headers, 'ce-id': id })])
    expect(await run({ dryRun: true })).toMatchObject([
      {
        id: 'a\\u{202e}b',
        type: expect.stringMatching(/^t\\u\{200b\}x{198}…$/),
        form: '\\u{2066}f',
      },
    ])
    expect(await run({ discard: id })).toMatchObject([{ result: 'discarded' }])
  }))

test('unreadable letters are discarded together, any other by its place or id', () =>
  onLog(async (given) => {
    await withRaw(given.log, [rawOf('odd', {}, '{'), rawOf('even', {}, '{')])
    await die(given.log, ['a', 'sheets'], ['b', 'sheets'])
    expect(await given.run({ discard: 'unreadable', dryRun: true })).toMatchObject([
      { id: 'odd', result: 'would be discarded' },
      { id: 'even', result: 'would be discarded' },
    ])
    expect(await given.run({ discard: '0/0' })).toMatchObject([{ id: 'odd', result: 'discarded' }])
    expect(await given.run({ discard: 'a' })).toMatchObject([{ id: 'a', result: 'discarded' }])
    expect(await given.run({ discard: 'unreadable' })).toMatchObject([{ id: 'even' }])
    expect(await given.run({ discard: 'unreadable' })).toEqual([])
    await expect(given.run({ discard: 'a' })).rejects.toThrow(
      'Expected the place or id of a dead letter that is open, found "a"',
    )
    expect(given.delivered).toEqual([])
    expect(await given.run()).toMatchObject([{ id: 'b', result: 'handled' }])
  }))

test('a letter of a task that is no more is listed, and stays', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'gone'], ['b', 'sheets'])
    expect((await given.run()).map(({ result }) => result)).toEqual(['no such task', 'handled'])
    expect(await given.run()).toMatchObject([{ id: 'a', result: 'no such task' }])
  }))

test('a letter whose task nobody knows the address of is listed, stays, and holds up no other', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'sheets'])
    const reachable = ({ id }: { id: string }) => id !== 'a'
    const results = async (dryRun: boolean) =>
      (await given.run({ reachable, dryRun })).map(({ id, result }) => `${id} ${result}`)
    expect(await results(true)).toEqual(['a no address', 'b would be sent'])
    expect(await results(false)).toEqual(['a no address', 'b handled'])
    expect(await results(false)).toEqual(['a no address'])
  }))

test('two replays at once send each letter once between them', () =>
  onLog(async (given) => {
    const letters = Array.from({ length: 100 }, (_, n) => [`${n}`, 'sheets'] as [string, string])
    await die(given.log, ...letters)
    const both = await Promise.all([given.run(), given.run()])
    const handled = both.flat().filter(({ result }) => result === 'handled')
    expect([handled.length, given.delivered.length]).toEqual([100, 100])
    expect(new Set(ids(given)).size).toBe(100)
    expect(await given.run()).toEqual([])
  }))

test('a replay that is interrupted has settled what it sent; the next one sends the rest', () =>
  onLog(async (given) => {
    const letters = Array.from({ length: 60 }, (_, n) => [`${n}`, 'sheets'] as [string, string])
    await die(given.log, ...letters)
    const stop = new AbortController()
    const held = Promise.withResolvers<number>()
    for (let n = 10; n < 60; n++) given.statuses[n] = held.promise
    const running = given.run({ signal: stop.signal })
    while (given.delivered.length < 25) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    held.resolve(204)
    const first = await running
    expect(first.length).toBeLessThan(60)
    expect(first.length).toBe(given.delivered.length)
    expect(await given.run()).toHaveLength(60 - first.length)
    expect([given.delivered.length, new Set(ids(given)).size]).toEqual([60, 60])
  }))

test('what a killed replay had in hand is left alone for ten minutes, then it is sent', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'], ['b', 'sheets'])
    const [{ key }] = [await firstLetter(given.log)]
    const killed = await openSettlements(given.log, () => Date.now() - 9 * 60_000)
    expect(await killed.claim(key)).toBe(true)
    await killed.close()
    expect(await given.run()).toMatchObject([
      { id: 'a', result: 'in hand' },
      { id: 'b', result: 'handled' },
    ])
    const later = await openSettlements(given.log, () => Date.now() + 11 * 60_000)
    expect([later.stateOf(key), await later.claim(key)]).toEqual(['open', true])
    await later.settle(key, 'handled')
    await later.close()
    expect(await given.run()).toEqual([])
  }))

test('where a letter could not be sent it is free again, and the replay says why', () =>
  onLog(async (given) => {
    await die(given.log, ['a', 'sheets'])
    const options = { log: given.log, tasks: ['sheets'], dryRun: false }
    const deliver = () => Promise.reject(new Error('Expected a task, found none'))
    await expect(replay({ ...options, deliver }, () => {})).rejects.toThrow('Expected a task')
    expect(await given.run()).toMatchObject([{ id: 'a', result: 'handled' }])
  }))

test('letters of a topic that was made anew are not taken for those that were settled', () =>
  onLog(async ({ log, run }) => {
    await die(log, ['a', 'sheets'])
    const old = await openSettlements(log)
    await old.claim('0/0/other')
    await old.settle('0/0/other', 'handled')
    await old.close()
    expect(await run()).toMatchObject([{ id: 'a', result: 'handled' }])
  }))

test('what anybody else writes where letters are settled settles nothing', () =>
  onLog(async ({ log, run }) => {
    await die(log, ['a', 'sheets'])
    const { key } = await firstLetter(log)
    const foreign = (type: string, more: object) =>
      new CloudEvent({ type, source: '/x', subject: key, partitionkey: key, ...more }) as FormEvent
    await log.append('forms.replayed', submittedEvent())
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
