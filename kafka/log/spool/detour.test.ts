import { expect, test } from '@jest/globals'
import { LogUnavailable } from '../port.ts'
import { Detour } from './detour.ts'

/** A detour whose log works again while `waiting` events are in the spool. */
function emptying(waiting: number) {
  const spool = { waiting, changes: 0 }
  const detour = new Detour(
    {
      waiting: () => spool.waiting,
      onChange: () => {
        spool.changes += 1
      },
      onProgress: () => {},
    },
    new Date(),
  )
  const ways: string[] = []
  const arrive = () => detour.isNeeded().then((needed) => ways.push(needed ? 'spool' : 'log'))
  const forward = (count: number) => {
    spool.waiting -= count
    detour.forwarded(count)
  }
  return { spool, detour, ways, arrive, forward }
}

/** Until everything that can be resolved is. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

const failure = new LogUnavailable('away', { begun: false })

test('while the spool is emptied one event is let in for two that are forwarded', async () => {
  const { ways, arrive, forward } = emptying(10_000)
  for (let n = 0; n < 300; n++) void arrive()
  await turn()
  expect(ways).toEqual([])
  forward(250)
  await turn()
  expect(ways).toEqual(Array(125).fill('spool'))
})

test('events wait for the last batch, and then go to the log', async () => {
  const { spool, ways, arrive, forward } = emptying(300)
  for (let n = 0; n < 10; n++) void arrive()
  forward(250)
  await turn()
  expect(ways).toEqual([])
  forward(50)
  await turn()
  expect(ways).toEqual(Array(10).fill('log'))
  expect(spool.changes).toBe(1)
})

test('when the log fails again, waiting events go to the spool', async () => {
  const { detour, ways, arrive } = emptying(300)
  for (let n = 0; n < 10; n++) void arrive()
  detour.forwarded(0, failure)
  await turn()
  expect(ways).toEqual(Array(10).fill('spool'))
  expect([detour.breaker, detour.reason, detour.limit]).toEqual(['open', 'away', 0])
  await arrive()
  expect(ways).toHaveLength(11)
})

test('when 10,000 events wait, one more is refused at once', async () => {
  const { arrive } = emptying(100_000)
  for (let n = 0; n < 10_000; n++) void arrive()
  await expect(arrive()).rejects.toMatchObject({ name: 'LogUnavailable', begun: false })
})
