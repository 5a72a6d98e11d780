import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { SqliteEffects } from '#kit/effects/sqlite/store.ts'
import { RetryLater } from '#kit/errors.ts'
import { inFolder } from '#kit/events.fixture.ts'
import { GoneTargets } from './gone-targets.ts'

const form = { id: 'demo', version: 'v1' }

test('a target is gone only once that is stored: else the event of the 410 would be skipped when it is retried', () =>
  inFolder(async (folder) => {
    const store = new SqliteEffects(join(folder, 'gone.sqlite'), 86_400_000)
    const gone = new GoneTargets(store)
    expect(await gone.has(form, 'a')).toBe(false)
    jest.spyOn(store, 'begin').mockRejectedValueOnce(new RetryLater('no disk'))
    await expect(gone.add(form, 'a')).rejects.toThrow(RetryLater)
    expect([await gone.has(form, 'a'), gone.notes(() => form)]).toEqual([false, {}])
    await gone.add(form, 'a')
    expect(await gone.has(form, 'a')).toBe(true)
    expect(Object.keys(gone.notes(() => form))).toEqual(['webhook demo/a'])
    expect(await gone.has({ ...form, version: 'v2' }, 'a')).toBe(false)
    await gone.close()
  }))
