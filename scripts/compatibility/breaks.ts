// What breaks for whom when the schemas of events and forms change.
import type { Topic } from '#kafka/define-event.ts'
import type { Task } from '#kit/define-task.ts'
import type { Baseline } from './baseline.ts'
import type { Schema } from './json-schema.ts'
import { lostProperties } from './lost-properties.ts'
import { type Narrowing, narrowings } from './narrowings.ts'

export interface Break {
  /** The type of an event, or a form's file. */
  subject: string
  /** Place in its data; empty for the whole. */
  path: string
  /** What changed. */
  change: string
  /** For whom it breaks. */
  breaks: string
}

interface Readers {
  tasks: Pick<Task, 'name' | 'on'>[]
  topics: Topic[]
}

export function findBreaks(before: Baseline, after: Baseline, readers: Readers): Break[] {
  return [
    ...Object.keys(before.events).flatMap((type) => eventBreaks(type, { before, after }, readers)),
    ...Object.keys(before.forms).flatMap((id) => formBreaks(id, { before, after }, readers)),
  ]
}

interface Both {
  before: Baseline
  after: Baseline
}

/** Events stay in their topic, so new readers read old events; and readers of other programs are not deployed with this one. */
function eventBreaks(type: string, { before, after }: Both, { tasks, topics }: Readers): Break[] {
  const [older, newer] = [before.events[type], after.events[type]]
  if (!older) return []
  const names = tasks
    .filter(({ on }) => on.some((one) => one.type === type))
    .map(({ name }) => name)
  const read = names.length > 0 ? names.join(', ') : 'no task'
  const readersNow = `readers as they are deployed now (${read}; other programs): they miss it in new events`
  const whole = (change: string): Break => ({ subject: type, path: '', change, breaks: readersNow })
  if (!newer) return [whole('removed')]
  const kept = keptFor(topics.find(({ name }) => name === older.topic))
  const newReaders = `new readers (${read}): they refuse events written before, which ${older.topic} keeps ${kept}`
  const oldReaders = `readers as they are deployed now (${read}; other programs): they refuse or miss it in new events`
  return [
    ...(newer.topic === older.topic ? [] : [whole(`topic now ${newer.topic}, was ${older.topic}`)]),
    ...narrowings(older.data, newer.data, 'ignored').map((one) =>
      toBreak(type, one, { newer: 'to', breaks: newReaders }),
    ),
    ...narrowings(newer.data, older.data, 'ignored').map((one) =>
      toBreak(type, one, { newer: 'from', breaks: oldReaders }),
    ),
    ...lostProperties(older.data, newer.data).map((one) =>
      toBreak(type, one, { newer: 'from', breaks: oldReaders }),
    ),
  ]
}

function keptFor(topic: Topic | undefined): string {
  if (!topic) return 'while they last'
  const { days } = topic.retention
  return days === null ? 'for ever' : `for ${days} days`
}

/** People may be asked for more choices and longer texts; readers are told only of values that they may not know how to read. */
const forReaders = new Set(['type', 'presence'])

/** What was accepted yesterday must be accepted today; and answers must be what readers of `forms.validated` know. */
function formBreaks(id: string, { before, after }: Both, { topics }: Readers): Break[] {
  const subject = `forms/${id}.yaml`
  const [older, newer] = [before.forms[id] as Schema, after.forms[id]]
  const waiting = keptFor(topics.find(({ name }) => name === 'forms.submitted'))
  const senders = `who sends the form as before: programs, pages of other sites, drafts, and submissions not yet validated (forms.submitted keeps them ${waiting})`
  const readers = 'who reads its answers: sheets, tasks, and other programs'
  if (!newer) return [{ subject, path: '', change: 'removed', breaks: senders }]
  const refused = narrowings(older, newer, 'refused')
  const widened = narrowings(newer, older, 'ignored').filter(({ what }) => forReaders.has(what))
  return [
    ...refused.map((one) => toBreak(subject, one, { newer: 'to', breaks: senders })),
    ...widened.map((one) => toBreak(subject, one, { newer: 'from', breaks: readers })),
  ]
}

function toBreak(
  subject: string,
  { path, what, from, to }: Narrowing,
  { newer, breaks }: { newer: 'from' | 'to'; breaks: string },
): Break {
  const [now, was] = newer === 'to' ? [to, from] : [from, to]
  return { subject, path, change: `${what} now ${now}, was ${was}`, breaks }
}
