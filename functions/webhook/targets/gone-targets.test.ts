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
    expect(await gone.since(form, 'a')).toBeUndefined()
    jest.spyOn(store, 'begin').mockRejectedValueOnce(new RetryLater('no disk'))
    await expect(gone.add(form, 'a')).rejects.toThrow(RetryLater)
    expect([await gone.since(form, 'a'), gone.notes(() => form)]).toEqual([undefined, {}])
    await gone.add(form, 'a')
    const since = await gone.since(form, 'a')
    expect(Date.now() - Date.parse(since ?? '')).toBeLessThan(60_000)
    expect(await new GoneTargets(store).since(form, 'a')).toBe(since)
    expect(Object.keys(gone.notes(() => form))).toEqual(['webhook demo/a'])
    expect(await gone.since({ ...form, version: 'v2' }, 'a')).toBeUndefined()
    await gone.close()
  }))
