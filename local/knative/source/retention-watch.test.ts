import { expect, test } from '@jest/globals'
import { makeLog } from '#kit/events.fixture.ts'
import { watchRetention } from './retention-watch.ts'

const day = 86_400_000

/** `ages`: days since each task's oldest unhandled event, in a topic with 10 days retention. */
function watchTasks(ages: Record<string, number | undefined>) {
  const { log: logger, lines } = makeLog()
  const sources = new Map(
    Object.keys(ages).map((task) => {
      const oldest = async () => {
        const age = ages[task]
        return age === undefined ? undefined : 100 * day - age * day
      }
      return [task, { topics: ['t'], oldest }] as const
    }),
  )
  const topics = [{ name: 't', retention: { days: 10, bytes: 1 } }]
  const watch = watchRetention({ sources, topics, logger, now: () => 100 * day })
  watch.stop()
  return { watch, lines, ages }
}

test('an event older than 75 % of the retention is logged once; older than 90 %, it is a problem', async () => {
  const { watch, lines, ages } = watchTasks({ sheets: 7.4, slang: undefined })
  await watch.check()
  expect([watch.notes(), watch.problems(), lines()]).toEqual([{}, {}, []])
  ages.sheets = 7.6
  await watch.check()
  await watch.check()
  const note = 'oldest unhandled event is at 76 % of the 10 days retention of t'
  expect([watch.notes(), watch.problems()]).toEqual([{ sheets: note }, {}])
  expect(lines()).toMatchObject([{ task: 'sheets', msg: `${note}; Kafka deletes it after that` }])
  ages.sheets = 9.1
  await watch.check()
  const overdue = 'oldest unhandled event is at 91 % of the 10 days retention of t'
  expect(watch.problems()).toEqual({ sheets: overdue })
})

test('when the event has been handled, note and problem disappear', async () => {
  const { watch, ages } = watchTasks({ sheets: 9.5, slang: 1 })
  await watch.check()
  ages.sheets = 1
  await watch.check()
  expect([watch.notes(), watch.problems()]).toEqual([{}, {}])
})
