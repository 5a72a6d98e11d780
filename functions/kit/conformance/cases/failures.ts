// The sink or the world fails.
import { judge } from '../../delivery-rules.ts'
import type { Case } from '../case.ts'
import { deliverUntilDone } from '../deliver-until-done.ts'
import { expectNothing, expectOnce } from '../expect-once.ts'
import type { Answer } from '../task-process.ts'
import type { Trial } from '../trial.ts'

export const failures: Case[] = [
  {
    name: 'an event is acknowledged only after its follow-on events were published',
    applies: ({ emits }) => emits.length > 0,
    async run(trial) {
      const event = trial.newEvent()
      const subject = event.subject as string
      trial.sink.refuse()
      try {
        await expectRetry(trial, await trial.deliver(event), 'K_SINK refuses its events')
        await trial.waitFor(
          () => trial.sink.arrivedOf(subject).size > 0,
          () => ['Expected the task to publish an event, found none.', returnEvents],
        )
      } finally {
        trial.sink.accept()
      }
      if (!trial.given.defers) await deliverUntilDone(trial, event)
      await expectOnce(trial, subject)
    },
  },
  {
    name: 'an event is not acknowledged while its effect fails, and has it once that works again',
    applies: (_task, { world }) => world?.fail !== undefined,
    async run(trial) {
      const event = trial.newEvent()
      const subject = event.subject as string
      await trial.given.world?.fail?.()
      try {
        await expectRetry(trial, await trial.deliver(event), 'its effect fails')
        if (trial.given.defers) await attempted(trial)
        await expectNothing(trial, subject, 'the effect failed')
      } finally {
        await trial.given.world?.recover?.()
      }
      if (!trial.given.defers) await deliverUntilDone(trial, event)
      await expectOnce(trial, subject)
    },
  },
  {
    name: 'an event whose effect is refused for good is not tried again and not told as a success',
    applies: (_task, { world }) => world?.refuse !== undefined,
    async run(trial) {
      const event = trial.newEvent()
      await trial.given.world?.refuse?.()
      try {
        await expectRefusal(trial, await trial.deliver(event), event.subject as string)
      } finally {
        await trial.given.world?.recover?.()
      }
    },
  },
]

const returnEvents =
  'return the events from `handle`, or `await emit(cause, …)` with the `cause` as it was given before `handle` returns.'

const attempted = (trial: Trial): Promise<void> =>
  trial.waitFor(
    async () => ((await trial.given.world?.failures?.()) ?? 1) > 0,
    () => [
      'Expected an attempt at the effect after the event was acknowledged, found none.',
      'have the effect soon after `handle` has stored it, and tell the suite of failed attempts in `failures` of the world.',
    ],
  )

/** `when`: completes "while …". */
async function expectRetry(trial: Trial, { status, body }: Answer, when: string): Promise<void> {
  const verdict = judge(status)
  if (verdict === 'retry' || (verdict === 'done' && trial.given.defers)) return
  const found = `Expected no acknowledgement while ${when}, found ${status} ${body}`
  if (verdict === 'final') {
    throw await trial.wrong(
      `${found}: the event becomes a dead letter, though a retry would help.`,
      'throw `RetryLater` for what can succeed later, and `Rejected` only for what never can.',
    )
  }
  throw await trial.wrong(
    `${found}: the event is not delivered again, so the rest of its work is lost.`,
    'await the effect and `emit` in `handle`, and do not catch their errors, or throw `RetryLater` with the error as `cause`.',
  )
}

async function expectRefusal(trial: Trial, answer: Answer, submission: string): Promise<void> {
  const verdict = judge(answer.status)
  if (verdict === 'retry') {
    throw await trial.wrong(
      `Expected a final answer (422) where the effect is refused for good, found ${answer.status ?? 'none'}: the source tries again for hours.`,
      'throw `Rejected`, or return an event that tells of the refusal.',
    )
  }
  const { tellsRefusal } = trial.given
  if (verdict === 'done' && tellsRefusal) {
    const events = trial.sink.eventsOf(submission)
    if (events.length > 0 && events.every(tellsRefusal)) return
  }
  if (verdict === 'final') return expectNothing(trial, submission, 'the effect was refused')
  throw await trial.wrong(
    `Expected a final answer (422) or an event that tells of the refusal, found ${answer.status}, as after a success.`,
    'throw `Rejected` with the reason; or return an event that tells of the refusal, and give `tellsRefusal` to the suite.',
  )
}
