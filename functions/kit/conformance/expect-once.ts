// Checks the events and the effects of a submission.
import { deliverUntilDone } from './deliver-until-done.ts'
import type { Trial, Wrong } from './trial.ts'

/**
 * Waits until a submission that was acknowledged has had its events and its effect, and checks that it has them once. `unknown`:
 * attempts whose result the task does not know; each may be one more effect, or the one that is missing.
 */
export async function expectOnce(
  trial: Trial,
  submission: string,
  { unknown = 0 } = {},
): Promise<void> {
  await settled(trial, submission, unknown)
  // Something that a redelivery does late would have been done by the time a later submission is through.
  const later = trial.newEvent()
  await deliverUntilDone(trial, later)
  await settled(trial, later.subject as string)
  const [found, effects] = [
    trial.sink.arrivedOf(submission).size,
    await trial.effectsOf(submission),
  ]
  if (found > trial.expectedEvents) throw await trial.wrong(...newIds(trial.expectedEvents, found))
  if (effects > 1 + unknown) throw await trial.wrong(...repeatedEffect(effects, unknown))
}

/** Checks that a submission had neither events nor an effect. `why`: completes "as …". */
export async function expectNothing(trial: Trial, submission: string, why: string): Promise<void> {
  const [events, effects] = [
    trial.sink.arrivedOf(submission).size,
    await trial.effectsOf(submission),
  ]
  if (events + effects === 0) return
  throw await trial.wrong(
    `Expected no events and no effect, as ${why}, found ${events} events and ${effects} effects.`,
    'have the effect, and return events, only in `handle` and only for the event that it is given.',
  )
}

async function settled(trial: Trial, submission: string, unknown = 0): Promise<void> {
  const { expectedEvents } = trial
  await trial.waitFor(
    () => trial.sink.acceptedOf(submission).size >= expectedEvents,
    () => missingEvents(expectedEvents, trial.sink.acceptedOf(submission).size),
  )
  if (!trial.given.world) return
  await trial.waitFor(
    async () => (await trial.effectsOf(submission)) + unknown > 0,
    () => missingEffect,
  )
}

const newIds = (expected: number, found: number): Wrong => [
  `Expected ${expected} events for a submission, found ${found} with different ids: readers take them for different events.`,
  'return the events from `handle`, or pass all of them, and the `cause` as it was given, in one call of `emit`: the ids derive from it.',
]

const repeatedEffect = (effects: number, unknown: number): Wrong => [
  `Expected the effect once, found it ${effects} times${unknown ? ` and ${unknown} attempts counted as unknown` : ''}.`,
  'run the effect in `effects.run(…)`, or send the id of the submission as a key by which the other side ignores repeats.',
]

const missingEvents = (expected: number, found: number): Wrong => [
  `Expected ${expected} events after the event was acknowledged, found ${found}: they are lost, as nothing is delivered again.`,
  'return the events from `handle`. If the result is known only later, store the `cause` durably before `handle` returns.',
]

const missingEffect: Wrong = [
  'Expected the effect after the event was acknowledged, found none: it is lost, as nothing is delivered again.',
  'wait for the effect in `handle`, and let its errors pass: throw `RetryLater`, and do not catch it.',
]
