// Replay on the embedded log: dead letters go back to the task that failed, each once.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type FormEvent, topicsOf } from '#kafka/event.ts'
import * as declared from '#kafka/events.ts'
import type { LogRecord } from '#kafka/log.ts'
import { SqliteLog } from '#kafka/log-sqlite.ts'
import { inFolder, silent, submittedEvent } from '../given.ts'
import { quick } from './given-source.ts'
import { replay, taskOf } from './replay.ts'
import { type Source, startSource } from './source.ts'

interface Given {
  log: SqliteLog
  /** The task and id of each delivery. */
  delivered: [task: string, headers: Record<string, string>][]
  /** What each event id is answered with from now on. */
  statuses: Record<string, number | Promise<number>>
  run: (options?: { task?: string; dryRun?: boolean }) => Promise<Record<string, unknown>[]>
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
      sources.set(task, await startSource({ task, topic, log, post, rules: quick, logger: silent }))
    }
    async function run({ task, dryRun = false }: { task?: string; dryRun?: boolean } = {}) {
      const lines: object[] = []
      await replay({ log, sources, task, dryRun }, (line) => lines.push(line))
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
