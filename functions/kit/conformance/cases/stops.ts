// The process stops in the middle of a delivery.
import type { FormEvent } from '#kafka/define-event.ts'
import { judge } from '../../delivery-rules.ts'
import type { Case } from '../case.ts'
import { deliverUntilDone } from '../deliver-until-done.ts'
import { expectOnce } from '../expect-once.ts'
import type { Answer, TaskProcess } from '../task-process.ts'
import type { Trial } from '../trial.ts'

/** Attempts whose result was not known: each may be one more effect. */
const unknownMetric = 'formstream_effects_unknown_total'

export const stops: Case[] = [
  {
    name: 'a process that is killed before it acknowledges an event leaves an effect that is not repeated',
    async run(trial) {
      const event = trial.newEvent()
      const answer = await stopWhilePublishing(trial, event, () => trial.kill())
      await redeliver(trial, event, answer)
      await expectOnce(trial, event.subject as string, { unknown: await unknownOf(trial) })
    },
  },
  {
    name: 'a process that is killed before it knows the result of its effect has it once, or counts it as unknown',
    applies: (_task, { world }) => world?.hold !== undefined,
    async run(trial) {
      const event = trial.newEvent()
      await redeliver(trial, event, await stopInEffect(trial, event))
      await expectOnce(trial, event.subject as string, { unknown: await unknownOf(trial) })
    },
  },
  {
    name: 'SIGTERM in the middle of a delivery loses nothing',
    async run(trial) {
      const event = trial.newEvent()
      let stopping: TaskProcess | undefined
      const answer = await stopWhilePublishing(trial, event, async () => {
        stopping = await trial.process()
        await stopping.terminate()
      })
      const exit = await exitOf(trial, stopping as TaskProcess)
      await redeliver(trial, event, answer)
      await expectOnce(trial, event.subject as string, { unknown: await unknownOf(trial) })
      if (exit === '0') return
      throw await trial.wrong(
        `Expected the process to exit with 0 after SIGTERM, found ${exit}.`,
        '`close()` of the clients must end, and must not throw.',
      )
    },
  },
]

/** As the source does after the process has ended: an event that was acknowledged does not come again. */
async function redeliver(trial: Trial, event: FormEvent, { status }: Answer): Promise<void> {
  if (judge(status) !== 'done') await deliverUntilDone(trial, event)
}

const unknownOf = async (trial: Trial): Promise<number> =>
  (await trial.process()).metric(unknownMetric)

/**
 * Calls `stop` after the effect, when the first follow-on event has arrived at the sink and was not answered. A task without events
 * is stopped at any moment.
 */
async function stopWhilePublishing(
  trial: Trial,
  event: FormEvent,
  stop: () => Promise<void>,
): Promise<Answer> {
  const running = await trial.process()
  trial.sink.hold()
  let answer: Answer | undefined
  try {
    const delivery = trial.deliver(event).then((received) => {
      answer = received
      return received
    })
    if (trial.expectedEvents > 0) {
      await publishing(trial, event)
      await running.answered()
      if (judge(answer?.status) === 'done' && !trial.given.defers) {
        throw await trial.wrong(
          `Expected no acknowledgement before K_SINK has the events, found ${answer?.status}: a crash would lose them.`,
          'return the events from `handle`, or await `emit` in it.',
        )
      }
    }
    await stop()
    trial.sink.accept()
    return await delivery
  } finally {
    trial.sink.accept()
  }
}

const publishing = (trial: Trial, { subject }: FormEvent): Promise<void> =>
  trial.waitFor(
    () => trial.sink.arrivedOf(subject as string).size > 0,
    () => ['Expected the task to publish an event, found none.', 'return it from `handle`.'],
  )

async function stopInEffect(trial: Trial, event: FormEvent): Promise<Answer> {
  let happened = false
  trial.given.world?.hold?.(event.subject as string).then(() => {
    happened = true
  })
  const delivery = trial.deliver(event)
  try {
    await trial.waitFor(
      () => happened,
      () => ['Expected the effect, found none.', 'have it, and await it, in `handle`.'],
    )
    await trial.kill()
    return await delivery
  } finally {
    await trial.given.world?.recover?.()
  }
}

async function exitOf(trial: Trial, stopping: TaskProcess): Promise<string> {
  const exit = await stopping.exited
  trial.forget()
  return exit
}
