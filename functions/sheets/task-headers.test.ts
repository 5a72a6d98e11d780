import { expect, test } from '@jest/globals'
import type { Entry } from './row.ts'
import task from './task.ts'

async function entryWith(options: object): Promise<Entry | undefined> {
  let entry: Entry | undefined
  const delivery = {
    cause: { id: 's.0', subject: 's', time: '2026-01-01T00:00:00Z', form: 'demo' },
    event: { data: { version: 'v', answers: { name: 'Ann' } } },
    form: {
      fields: { name: { label: 'Your name', input: {} }, age: { label: 'Age', input: {} } },
    },
    options: task.options.parse({ spreadsheet: 's', ...options }),
    clients: {
      add: async (_: string, one: Entry) => {
        entry = one
      },
    },
  }
  await task.handle(delivery as unknown as Parameters<typeof task.handle>[0])
  return entry
}

test('headers are field names, or labels if the form says so', async () => {
  expect((await entryWith({}))?.labels).toBeUndefined()
  expect((await entryWith({ headers: 'labels' }))?.labels).toEqual([
    ['name', 'Your name'],
    ['age', 'Age'],
  ])
  expect(() => task.options.parse({ spreadsheet: 's', headers: 'none' })).toThrow(/headers/)
})
