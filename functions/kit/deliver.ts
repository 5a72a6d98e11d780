// One delivery of one event to one task, independent of the runtime. Publishes the follow-on events before it returns.
import type { Logger } from 'pino'
import type { EventType, FormEvent } from '#kafka/define-event.ts'
import { submissionFailed, submissionSubmitted } from '#kafka/events.ts'
import { toFailed } from './dead-letters.ts'
import { type AnyTask, type Cause, type Closable, inputsOf } from './define-task.ts'
import { effectsOf, type Ledger, noEffects } from './effects/effects.ts'
import { Rejected, RetryLater } from './errors.ts'
import { causeOf, emitter, type Publish } from './follow-on-events.ts'
import type { Form } from './forms/form.ts'
import type { Forms } from './forms/load-forms.ts'
import { plainRecordType, toSubmitted } from './plain-record.ts'
import { printable } from './printable.ts'
import type { WrongFormSlots } from './wrong-form-slots.ts'

/** Type of the event that Knative's PingSource posts on a task's schedule. */
export const pingType = 'dev.knative.sources.ping'

export interface Runtime {
  forms: Pick<Forms, 'get'> & Partial<Pick<Forms, 'wrong'>>
  clients: Closable
  publish: Publish
  /** Of a task that has effects. */
  ledger?: Ledger | undefined
  log: Logger
  /** Limits how many events of wrong forms wait. Default: no limit. */
  wrongFormSlots?: WrongFormSlots
}

/**
 * `skipped`: an event of another type, of a form that does not list the task, or its own dead letter. `expired`: older than the task's
 * `maxAge`. All are acknowledged.
 */
export type Outcome = 'done' | 'skipped' | 'expired'

/** Throws `Rejected`, `RetryLater` or, for a fault, any other error. */
export async function deliver(
  task: AnyTask,
  received: FormEvent,
  runtime: Runtime,
): Promise<Outcome> {
  try {
    return await deliverOne(task, received, runtime)
  } catch (error) {
    if (task.anyForm && error instanceof Rejected) return 'skipped'
    throw error
  }
}

async function deliverOne(task: AnyTask, received: FormEvent, runtime: Runtime): Promise<Outcome> {
  if (received.type === pingType) return runScheduled(task, runtime)
  const event = eventFor(task, received)
  const type = task.on.find((one) => one.type === event?.type)
  if (!event || !type) return 'skipped'
  const target = task.anyForm ? {} : targetOf(task, event, runtime)
  if (!target) return 'skipped'
  const cause = causeOf(event)
  if (isExpired(task, cause)) return 'expired'
  const drafts = await task.handle({
    event: { ...event, time: cause.time, data: dataOf(type, event) },
    cause,
    ...(target as Target),
    clients: runtime.clients,
    effects: runtime.ledger ? effectsOf(runtime.ledger, submissionKey(cause)) : noEffects,
    log: runtime.log,
  })
  await emitter(task.name, runtime.publish)(cause, drafts)
  return 'done'
}

/** Other producers may number the submissions of each form from 1. */
const submissionKey = ({ form, subject }: Cause): string => `${form}/${subject}`

/** Undefined for a dead letter of the task itself: if it failed again, letters would follow from letters without end. */
function eventFor(task: AnyTask, received: FormEvent): FormEvent | undefined {
  const reads = ({ type }: EventType) => task.on.some((one) => one.type === type)
  const failed = reads(submissionFailed as EventType) && toFailed(received)
  if (failed) return (failed.data as { task: string }).task === task.name ? undefined : failed
  const event = reads(submissionSubmitted as EventType) ? toSubmitted(received) : received
  if (event.type !== plainRecordType) return event
  const topics = inputsOf(task).map(({ name }) => name)
  throw new Rejected(
    `Expected events on ${topics.join(', ')}, found a record without the headers of a CloudEvent`,
  )
}

interface Target {
  form: Form
  options: unknown
}

/** Undefined if the form does not list the task. */
function targetOf(task: AnyTask, event: FormEvent, runtime: Runtime): Target | undefined {
  const form = formOf(event, runtime)
  const options = optionsOf(task, form)
  return options === undefined ? undefined : { form, options }
}

/** The task's options in the form's file; undefined if the task does not run for the form. */
export function optionsOf({ name, everyForm, options }: AnyTask, form: Form | undefined): unknown {
  if (!form) return undefined
  return form.tasks[name] ?? (everyForm ? options.parse({}) : undefined)
}

const isExpired = ({ maxAge = Number.POSITIVE_INFINITY }: AnyTask, { time }: Cause): boolean =>
  Date.now() - Date.parse(time) > maxAge * 1000

async function runScheduled({ every }: AnyTask, { clients, log }: Runtime): Promise<Outcome> {
  if (!every) return 'skipped'
  await every.handle({ clients, log })
  return 'done'
}

/**
 * How long a form may arrive after its events, ms. An event that waits occupies a slot of its task. If it waited for a form that
 * was deleted, it would delay all other forms; as a dead letter it can be replayed once the form is back.
 */
const maxFormLag = 120_000

function formOf(event: FormEvent, { forms, wrongFormSlots }: Runtime): Form {
  if (typeof event.form !== 'string') {
    throw new Rejected('Expected the extension "form", found none')
  }
  const form = forms.get(event.form)
  if (form) {
    wrongFormSlots?.release(event.id)
    return form
  }
  if (forms.wrong?.(event.form)) throw wrongFormError(event, wrongFormSlots)
  const message = `Form "${printable(event.form)}" is not known here`
  // A mounted form may arrive after its first event, and after the start of the process.
  // A time in the future counts as old by the same distance: else the event would be retried until that time.
  const age = Math.abs(Date.now() - Date.parse(event.time ?? ''))
  const mayArrive = age < maxFormLag || process.uptime() * 1000 < maxFormLag
  throw mayArrive ? new RetryLater(`${message} yet`) : new Rejected(message)
}

/** Accepted submissions wait while the file of their form is wrong. Those without a free slot become dead letters. */
function wrongFormError({ form, id }: FormEvent, slots?: WrongFormSlots): Error {
  const message = `The file of the form "${printable(form)}" is wrong, and no good version of it is known here`
  if (slots?.take(id) === false) {
    return new Rejected(
      `${message}, and too many events wait for it: replay this one once it is corrected`,
    )
  }
  return new RetryLater(`${message}: the event waits until it is corrected`)
}

function dataOf({ type, data }: EventType, event: FormEvent): unknown {
  const result = data.safeParse(event.data)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    ({ path, message }) => `${printable(path.join('.'))}: ${message}`,
  )
  throw new Rejected(`Expected the data of ${type}, found ${problems.join('; ')}`)
}
