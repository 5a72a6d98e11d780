// An effect happens once, and what is not known of it is counted.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Rejected, RetryLater } from '../errors.ts'
import { inFolder, silent } from '../events.fixture.ts'
import { effectsOf } from './effects.ts'
import type { UnknownPolicy } from './port.ts'
import { SqliteEffects } from './sqlite/store.ts'

async function open(file: string, policy: UnknownPolicy = 'repeat') {
  const store = new SqliteEffects(file, 86_400_000)
  let counted = 0
  const effects = effectsOf({ store, policy, log: silent, onUnknown: () => counted++ }, 's-1')
  return { effects, close: () => store.close(), counted: () => counted }
}

const withEffects = (
  work: (opened: Awaited<ReturnType<typeof open>>, file: string) => Promise<void>,
  policy?: UnknownPolicy,
) =>
  inFolder(async (folder) => {
    const file = join(folder, 'effects.sqlite')
    const opened = await open(file, policy)
    await work(opened, file)
    await opened.close()
  })

const lost = async () => {
  throw new Error('no answer')
}

test('an effect that is done is not repeated, and its result stays', () =>
  withEffects(async ({ effects }) => {
    let times = 0
    const once = () => effects.run('mail', async () => ({ times: ++times }))
    const done = { state: 'done', unknown: 0, result: { times: 1 } }
    expect([await once(), await once()]).toEqual([done, done])
  }))

test.each([RetryLater, Rejected])('after %p the effect is as it was before', (Kind) =>
  withEffects(async ({ effects, counted }) => {
    const failing = effects.run('mail', async () => {
      throw new Kind('not sent')
    })
    await expect(failing).rejects.toThrow(Kind)
    expect(await effects.run('mail', async ({ repeated }) => repeated)).toMatchObject({
      unknown: 0,
      result: false,
    })
    expect(counted()).toBe(0)
  }),
)

test('a lost answer is counted, and the effect is repeated', () =>
  withEffects(async ({ effects, counted }) => {
    await expect(effects.run('mail', lost)).rejects.toThrow(RetryLater)
    const again = await effects.run('mail', async ({ repeated }) => repeated)
    expect(again).toEqual({ state: 'done', unknown: 1, result: true })
    expect(counted()).toBe(1)
  }))

test('under the policy `leave`, a lost answer is counted, and that is all', () =>
  withEffects(async ({ effects, counted }) => {
    const left = { state: 'unknown', unknown: 1 }
    expect(await effects.run('mail', lost)).toEqual(left)
    expect(await effects.run('mail', async () => 'never')).toEqual(left)
    expect(counted()).toBe(1)
  }, 'leave'))

test('a second delivery does not have the effect while the first one may', () =>
  withEffects(async ({ effects }) => {
    const first = Promise.withResolvers<string>()
    const running = effects.run('mail', () => first.promise)
    await expect(effects.run('mail', async () => 'second')).rejects.toThrow(RetryLater)
    first.resolve('first')
    expect(await running).toMatchObject({ result: 'first' })
  }))
