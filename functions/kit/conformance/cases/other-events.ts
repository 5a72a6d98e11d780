// Events that the task must not act on.
import type { FormEvent } from '#kafka/define-event.ts'
import type { Case } from '../case.ts'
import { deliverUntilDone } from '../deliver-until-done.ts'
import { expectNothing } from '../expect-once.ts'
import type { Trial } from '../trial.ts'
import { bareForm, unlistedForm } from '../trial-forms.ts'

export const otherEvents: Case[] = [
  {
    name: 'an event of a form that does not list the task is acknowledged and has no effect',
    applies: ({ everyForm, anyForm }) => !everyForm && !anyForm,
    run: (trial) =>
      expectAnswer(trial, trial.newEvent({ form: unlistedForm }), {
        status: 204,
        why: 'the form does not list the task',
      }),
  },
  {
    name: 'a form that gives the task no options is handled with the defaults, or waits to be corrected',
    applies: ({ anyForm }) => !anyForm,
    async run(trial) {
      const event = trial.newEvent({ form: bareForm })
      if (!trial.task.options.safeParse({}).success) {
        return expectAnswer(trial, event, { status: 503, why: 'the form lacks required options' })
      }
      await deliverUntilDone(trial, event)
    },
  },
  {
    name: 'an event of a form that is not known yet is retried',
    applies: ({ anyForm }) => !anyForm,
    run: (trial) =>
      expectAnswer(trial, trial.newEvent({ form: 'absent' }), {
        status: 503,
        why: 'the form is not known',
      }),
  },
  {
    name: 'an event of another type is acknowledged and has no effect',
    run: (trial) =>
      expectAnswer(
        trial,
        { ...trial.newEvent(), type: 'com.example.other' },
        { status: 204, why: 'the event has another type' },
      ),
  },
  {
    name: 'an event with wrong data is final and has no effect',
    run: (trial) =>
      expectAnswer(
        trial,
        { ...trial.newEvent(), data: 'wrong' },
        // A task that follows others skips it: it is a dead letter of the task that it is for.
        { status: trial.task.anyForm ? 204 : 422, why: 'its data is wrong' },
      ),
  },
  {
    name: 'an event older than the task allows is acknowledged and has no effect',
    applies: ({ maxAge }) => maxAge !== undefined,
    run: (trial) =>
      expectAnswer(trial, trial.newEvent({ age: ((trial.task.maxAge ?? 0) + 60) * 1000 }), {
        status: 204,
        why: 'the event is older than maxAge',
      }),
  },
]

async function expectAnswer(
  trial: Trial,
  event: FormEvent,
  { status, why }: { status: number; why: string },
): Promise<void> {
  const answer = await trial.deliver(event)
  if (answer.status !== status) {
    throw await trial.wrong(
      `Expected ${status}, as ${why}, found ${answer.status ?? 'no answer'} ${answer.body}`,
      'the kit answers this before `handle` is called: is `on`, or the schema of the options or of the event, wider than meant?',
    )
  }
  await expectNothing(trial, event.subject as string, why)
}
