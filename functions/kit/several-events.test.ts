// A task that handles several types of event, dead letters among them.
import { expect, test } from '@jest/globals'
import type { Draft, FormEvent } from '#kafka/define-event.ts'
import {
  submissionFailed,
  submissionRecorded,
  submissionRefused,
  submissionValidated,
} from '#kafka/events.ts'
import { type AnyTask, defineTask, inputsOf } from './define-task.ts'
import { deliver } from './deliver.ts'
import { demoForm, eventOf, silent } from './events.fixture.ts'
import { nothingToPublish, publisher } from './publish.ts'

function makeWatcher() {
  const seen: string[] = []
  const task = defineTask({
    name: 'watcher',
    on: [submissionValidated, submissionRefused, submissionRecorded, submissionFailed],
    emits: [],
    anyForm: true,
    async handle({ event }) {
      // The type says which data there is.
      switch (event.type) {
        case 'formstream.submission.validated':
          seen.push(`validated ${Object.keys(event.data.answers)}`)
          break
        case 'formstream.submission.refused':
          seen.push(`refused ${Object.keys(event.data.errors)}`)
          break
        case 'formstream.submission.recorded':
          seen.push(`row ${event.data.row}`)
          break
        default:
          seen.push(`${event.data.task}: ${event.data.status} ${event.data.reason}`)
      }
      return []
    },
  })
  const { publish } = nothingToPublish
  const runtime = { forms: { get: () => undefined }, clients: {}, publish, log: silent }
  const receive = (event: FormEvent) => deliver(task, event, runtime)
  return { task, seen, receive }
}

const event = (draft: Draft): FormEvent => eventOf(draft) as FormEvent
const validated = event(submissionValidated({ version: 'v', answers: { item1: 'a' } }) as Draft)
const row = { spreadsheet: 's', tab: 't', row: 7 }

const failed = (task: string, letter = validated): FormEvent => ({
  ...letter,
  knativeerrordest: `http://${task}.formstream.svc.cluster.local/`,
  knativeerrorcode: '422',
  knativeerrordata: Buffer.from('No such tab').toString('base64'),
})

test('each type is handled with its own data, and the topics are read once each', async () => {
  const { task, seen, receive } = makeWatcher()
  await receive(validated)
  await receive(event(submissionRefused({ version: 'v', errors: { item1: 'shorter' } }) as Draft))
  await receive(event(submissionRecorded(row) as Draft))
  expect(seen).toEqual(['validated item1', 'refused item1', 'row 7'])
  expect(inputsOf(task).map(({ name }) => name)).toEqual([
    'forms.validated',
    'forms.recorded',
    'forms.dead-letter',
  ])
})

test('a record that it cannot read is skipped: the tasks that it is for reject it', async () => {
  const wrong = { ...event(submissionRecorded(row) as Draft), data: validated.data }
  const { seen, receive } = makeWatcher()
  const plain = { ...wrong, type: 'dev.knative.kafka.event' }
  expect([await receive(wrong), await receive(plain)]).toEqual(['skipped', 'skipped'])
  expect(seen).toEqual([])
})

test('a dead letter arrives as the failure of its task, with the submission of its event', async () => {
  const { seen, receive } = makeWatcher()
  expect(await receive(failed('sheets'))).toBe('done')
  expect(seen).toEqual(['sheets: 422 No such tab'])
})

test('a task does not get its own dead letters', async () => {
  const { seen, receive } = makeWatcher()
  expect(await receive(failed('watcher'))).toBe('skipped')
  expect(seen).toEqual([])
})

test('a task that does not list dead letters handles the event as it is', async () => {
  const handled: unknown[] = []
  const task: AnyTask = defineTask({
    name: 'one',
    on: submissionValidated,
    emits: [],
    everyForm: true,
    async handle({ event: { data } }) {
      handled.push(data.answers)
      return []
    },
  })
  const { publish } = nothingToPublish
  const runtime = { forms: { get: () => demoForm() }, clients: {}, publish, log: silent }
  await deliver(task, failed('sheets'), runtime)
  expect(handled).toEqual([{ item1: 'a' }])
})

test('a task that emits nothing is ready without K_SINK', () => {
  expect(nothingToPublish.problem).toBeUndefined()
  expect(publisher(undefined).problem).toBe('K_SINK is not set: a SinkBinding sets it')
})
