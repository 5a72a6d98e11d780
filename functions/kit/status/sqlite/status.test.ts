// The status view in SQLite: what is put is found, whatever the order, and readers never fail.
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from '#kit/events.fixture.ts'
import type { Fact, Outcome } from '../port.ts'
import { SqliteStatusReader } from './read-status.ts'
import { SqliteStatusStore } from './store.ts'

const time = '2026-01-02T03:04:05.000Z'
const fact = (task: string, outcome: Outcome, submission = 's-1'): Fact => ({
  submission,
  form: 'demo',
  time,
  task,
  outcome,
})
const validated = fact('validation', { state: 'validated' })
const recorded = fact('sheets', { state: 'recorded', tab: 'Responses', row: 7 })
const failed = fact('sheets', { state: 'failed', final: true })

const withStore = (
  work: (store: SqliteStatusStore, file: string) => Promise<void>,
  now = Date.now,
) =>
  inFolder(async (folder) => {
    const file = join(folder, 'receipts.sqlite')
    const store = new SqliteStatusStore(file, { keep: 1000, now })
    await work(store, file)
    store.close()
  })

test('the facts of a submission are one status, in any order and again', () =>
  withStore(async (store, file) => {
    const reader = new SqliteStatusReader(file)
    await Promise.all([recorded, validated, recorded].map((one) => store.put(one)))
    const outcomes = {
      validation: { state: 'validated' },
      sheets: { state: 'recorded', tab: 'Responses', row: 7 },
    }
    expect(await reader.get('s-1')).toEqual({ form: 'demo', time, outcomes })
    expect(await store.get('s-1')).toEqual(await reader.get('s-1'))
    expect(await reader.get('s-2')).toBeUndefined()
    reader.close()
  }))

test.each([
  ['before', [failed, recorded]],
  ['after', [recorded, failed]],
])('a success beats a failure %s it', (_, facts) =>
  withStore(async (store) => {
    for (const one of facts) await store.put(one)
    expect((await store.get('s-1'))?.outcomes).toEqual({ sheets: recorded.outcome })
  }),
)

test('a failure is shown until the task succeeds', () =>
  withStore(async (store) => {
    await store.put(failed)
    expect((await store.get('s-1'))?.outcomes).toEqual({ sheets: failed.outcome })
  }))

test('answers stay when other facts follow', () =>
  withStore(async (store) => {
    await store.put({ ...validated, answers: { item1: 'अ "b"' } })
    await store.put(recorded)
    expect(await store.get('s-1')).toMatchObject({ answers: { item1: 'अ "b"' } })
  }))

test('old rows are deleted in steps, the oldest first; others stay', () => {
  let now = 0
  return withStore(
    async (store) => {
      for (const id of ['a', 'b', 'c']) await store.put({ ...validated, submission: id })
      now = 1500
      await store.put({ ...validated, submission: 'd' })
      // Twice as many as were added.
      const left = async () =>
        (
          await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await store.get(id)) && id))
        ).join('')
      expect(await left()).toBe('cd')
      store.prune(1)
      expect(await left()).toBe('d')
      store.prune()
      expect(await left()).toBe('d')
    },
    () => now,
  )
})

test('what was put is there after a restart, and close writes what waits', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'receipts.sqlite')
    const store = new SqliteStatusStore(file, { keep: 1000 })
    const putting = store.put(validated)
    store.close()
    await putting
    const again = new SqliteStatusStore(file, { keep: 1000 })
    expect(await again.get('s-1')).toMatchObject({ form: 'demo' })
    again.close()
  }))

test('a file that is missing or damaged is as one that knows nothing, until it is there', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'receipts.sqlite')
    let now = 0
    const reader = new SqliteStatusReader(file, () => now)
    expect(await reader.get('s-1')).toBeUndefined()
    expect(existsSync(file)).toBe(false)
    await writeFile(file, 'no database at all, but long enough to be taken for one'.repeat(100))
    now = 2000
    expect(await reader.get('s-1')).toBeUndefined()
    await rm(file)
    const store = new SqliteStatusStore(file, { keep: 1000 })
    await store.put(validated)
    now = 2500
    expect(await reader.get('s-1')).toBeUndefined()
    now = 4000
    expect(await reader.get('s-1')).toMatchObject({ form: 'demo' })
    reader.close()
    store.close()
  }))

test('a damaged file is refused with what to do', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'receipts.sqlite')
    await writeFile(file, 'x'.repeat(5000))
    expect(() => new SqliteStatusStore(file, { keep: 1 })).toThrow(`Expected ${file} to be intact`)
  }))
