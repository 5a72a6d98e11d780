// A tick of a task's schedule, from the message to the task.
import { expect, test } from '@jest/globals'
import { submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { pingOf } from '../../local/knative/schedule.ts'
import { type AnyTask, defineTask } from './define-task.ts'
import { deliver, type Runtime } from './deliver.ts'
import { RetryLater } from './errors.ts'
import { silent } from './events.fixture.ts'
import { readEvent } from './http/read-event.ts'

const runtime: Runtime = {
  forms: { get: () => undefined },
  clients: {},
  publish: () => Promise.reject(new Error('Expected nothing to publish')),
  log: silent,
}

function makeTask(flush: (name: string) => Promise<void>) {
  return defineTask({
    name: 'buffered',
    on: submissionSubmitted,
    emits: [submissionValidated],
    connect: async () => ({ name: 'the buffer', close() {} }),
    handle: () => Promise.reject(new Error('Expected no event')),
    every: { schedule: '* * * * *', handle: ({ clients }) => flush(clients.name) },
  })
}

function tick(task: AnyTask) {
  const { headers, body } = pingOf(task.name)
  return deliver(task, readEvent(headers, body), {
    ...runtime,
    clients: { name: 'the buffer' } as object,
  })
}

test('a tick runs the scheduled work of the task, with its clients', async () => {
  const flushed: string[] = []
  const task = makeTask(async (name) => void flushed.push(name))
  expect(await tick(task)).toBe('done')
  expect(flushed).toEqual(['the buffer'])
})

test('a tick is done when the work is done', async () => {
  const worked = Promise.withResolvers<void>()
  let done = false
  const ticked = tick(makeTask(() => worked.promise)).then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(done).toBe(false)
  worked.resolve()
  await ticked
})

test('an error of the scheduled work is passed on unchanged', async () => {
  const error = new RetryLater('The quota is used up')
  await expect(tick(makeTask(() => Promise.reject(error)))).rejects.toBe(error)
})

test('a task without a schedule skips ticks', async () => {
  const { every: _, ...task } = makeTask(async () => {})
  expect(await tick(task)).toBe('skipped')
})

test('a local tick equals that of a PingSource, and has its own id and time', () => {
  const [first, second] = [pingOf('sheets'), pingOf('sheets')]
  expect([first.headers, first.body]).toEqual([
    {
      'ce-specversion': '1.0',
      'ce-type': 'dev.knative.sources.ping',
      'ce-source': '/apis/v1/namespaces/local/pingsources/sheets',
      'ce-id': expect.any(String),
      'ce-time': expect.any(String),
      'content-type': 'application/json',
    },
    '{}',
  ])
  expect(first.headers['ce-id']).not.toBe(second.headers['ce-id'])
})
