import { expect, test } from '@jest/globals'
import { givenLog } from '#kit/events.fixture.ts'
import { watchRetention } from './retention-watch.ts'

const day = 86_400_000

/** Tasks of a topic that keeps 10 days, by the age of their oldest event in days. */
function given(ages: Record<string, number | undefined>) {
  const { log: logger, lines } = givenLog()
  const sources = new Map(
    Object.keys(ages).map((task) => {
      const oldest = async () => {
        const age = ages[task]
        return age === undefined ? undefined : 100 * day - age * day
      }
      return [task, { topic: 't', oldest }] as const
    }),
  )
  const topics = [{ name: 't', retention: { days: 10, bytes: 1 } }]
  const watch = watchRetention({ sources, topics, logger, now: () => 100 * day })
  watch.stop()
  return { watch, lines, ages }
}

test('from three quarters of the retention on it is said once, and from nine tenths on nothing is taken in', async () => {
  const { watch, lines, ages } = given({ sheets: 7.4, slang: undefined })
  await watch.look()
  expect([watch.notes(), watch.problems(), lines()]).toEqual([{}, {}, []])
  ages.sheets = 7.6
  await watch.look()
  await watch.look()
  const note = 'its oldest event has 76 % of the 10 days that t keeps it'
  expect([watch.notes(), watch.problems()]).toEqual([{ sheets: note }, {}])
  expect(lines()).toMatchObject([{ task: 'sheets', msg: `${note}: it is lost after that` }])
  ages.sheets = 9.1
  await watch.look()
  const overdue = 'its oldest event has 91 % of the 10 days that t keeps it'
  expect(watch.problems()).toEqual({ sheets: overdue })
})

test('once it is settled all is well again', async () => {
  const { watch, ages } = given({ sheets: 9.5, slang: 1 })
  await watch.look()
  ages.sheets = 1
  await watch.look()
  expect([watch.notes(), watch.problems()]).toEqual([{}, {}])
})
