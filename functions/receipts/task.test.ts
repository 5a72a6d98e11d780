import { expect, test } from '@jest/globals'
import type { Draft, FormEvent } from '#kafka/define-event.ts'
import * as events from '#kafka/events.ts'
import { deliver } from '#kit/deliver.ts'
import { demoForm, eventOf, inFolder, silent, submittedEvent } from '#kit/events.fixture.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { nothingToPublish } from '#kit/publish.ts'
import { followedTasks } from '#kit/status/port.ts'
import task from './task.ts'

const shown = { ...demoForm(), receipt: { answers: true } }

const withTask = (
  work: (input: {
    receive: (event: FormEvent) => Promise<unknown>
    statusOf: (id: string) => Promise<unknown>
  }) => Promise<void>,
  { form = demoForm(), days = 100_000 } = {},
) =>
  inFolder(async (folder) => {
    const formOf = (id: string) => (id === form.id ? form : undefined)
    const context = { log: silent, emit: async () => {}, optionsOf: () => undefined, formOf }
    const clients = await task.connect({ DATA_DIR: folder, RECEIPT_DAYS: days }, context)
    const runtime = {
      forms: { get: () => undefined },
      clients,
      publish: nothingToPublish.publish,
      log: silent,
    }
    await work({
      receive: (event) => deliver(task, event, runtime),
      statusOf: (id) => clients.store.get(id),
    })
    clients.close()
  })

const from = (name: string, draft: unknown): FormEvent =>
  eventOf(draft as Draft, { source: `/tasks/${name}` }) as FormEvent

const letter = (name: string, status: number, event: FormEvent): FormEvent => ({
  ...event,
  knativeerrordest: `http://${name}.localhost/`,
  knativeerrorcode: String(status),
  knativeerrordata: '',
})

const validated = from(
  'validation',
  events.submissionValidated({ version: 'v', answers: { item1: 'a' } }),
)

test('the results of the tasks become the status of the submission, without answers', () =>
  withTask(async ({ receive, statusOf }) => {
    await Promise.all([
      receive(validated),
      receive(from('slang', events.submissionAnalyzed({ findings: [], masked: {} }))),
      receive(from('sheets', events.submissionRecorded({ spreadsheet: 's', tab: 't', row: 7 }))),
    ])
    expect(await statusOf('s-1')).toEqual({
      form: 'demo',
      time: '2026-01-02T03:04:05.000Z',
      outcomes: {
        validation: { state: 'validated' },
        slang: { state: 'analyzed' },
        sheets: { state: 'recorded', tab: 't', row: 7 },
      },
    })
  }))

test('the mails of a submission are one outcome, whichever is known first', () =>
  withTask(async ({ receive, statusOf }) => {
    const mail = (to: 'person' | 'owners', state: 'sent' | 'bounced', unknown: number) =>
      from('confirmation', events.submissionConfirmed({ to, state, unknown }))
    await receive(mail('owners', 'sent', 1))
    await receive(mail('person', 'bounced', 0))
    expect(await statusOf('s-1')).toMatchObject({
      outcomes: {
        confirmation: { state: 'confirmed', person: 'bounced', owners: 'sent', again: true },
      },
    })
  }))

test('a target that was reached makes a submission forwarded', () =>
  withTask(async ({ receive, statusOf }) => {
    const reached = events.submissionForwarded({ target: 'chat', status: 200, unknown: 0 })
    await receive(from('webhook', reached))
    expect(await statusOf('s-1')).toMatchObject({ outcomes: { webhook: { state: 'forwarded' } } })
  }))

test('answers are kept if the form shows them', () =>
  withTask(
    async ({ receive, statusOf }) => {
      await receive(validated)
      expect(await statusOf('s-1')).toMatchObject({ answers: { item1: 'a' } })
    },
    { form: shown },
  ))

test('events of long ago are not kept', () =>
  withTask(
    async ({ receive, statusOf }) => {
      await receive(validated)
      expect(await statusOf('s-1')).toBeUndefined()
    },
    { days: 1 },
  ))

test('a refusal is kept with its messages', () =>
  withTask(async ({ receive, statusOf }) => {
    const errors = { item1: 'Expected at most 2 characters' }
    await receive(from('validation', events.submissionRefused({ version: 'v', errors })))
    expect(await statusOf('s-1')).toMatchObject({
      outcomes: { validation: { state: 'refused', errors } },
    })
  }))

test.each([
  [422, true],
  [503, false],
  [-1, false],
])('a dead letter after status %s is final: %s', (status, final) =>
  withTask(async ({ receive, statusOf }) => {
    await receive(letter('sheets', status, validated))
    expect(await statusOf('s-1')).toMatchObject({
      outcomes: { sheets: { state: 'failed', final } },
    })
  }),
)

test('a dead letter of a submission is a failure of validation', () =>
  withTask(async ({ receive, statusOf }) => {
    await receive(letter('validation', 422, submittedEvent()))
    expect(await statusOf('s-1')).toMatchObject({ outcomes: { validation: { state: 'failed' } } })
  }))

test('dead letters of records that are no events are ignored', () =>
  withTask(async ({ receive, statusOf }) => {
    const { form: _, ...formless } = letter('sheets', 400, validated)
    await receive({ ...formless, type: 'formstream.record.unreadable' } as FormEvent)
    expect(await statusOf('s-1')).toBeUndefined()
  }))

test('every task is followed whose events are', async () => {
  const types = new Set<string>(task.on.map(({ type }) => type))
  const tasks = (await findTasks()).filter(({ emits }) => emits.some(({ type }) => types.has(type)))
  expect(tasks.map(({ name }) => name).toSorted()).toEqual(followedTasks.toSorted())
})
