// Delivers an event again and again, as a source does, until the task acknowledges it.
import { setTimeout as delay } from 'node:timers/promises'
import type { FormEvent } from '#kafka/define-event.ts'
import { judge } from '../delivery-rules.ts'
import type { Answer } from './task-process.ts'
import type { Trial, Wrong } from './trial.ts'

/** ms between two deliveries. */
const pause = 100
/** After as many faults of a task, while nothing around it fails, it will not recover. */
const maxFaults = 10

/** Throws if the task refuses the event, or never acknowledges it. */
export async function deliverUntilDone(trial: Trial, event: FormEvent): Promise<void> {
  let answer: Answer = { status: undefined, body: '' }
  let faults = 0
  await trial.waitFor(
    async () => {
      answer = await trial.deliver(event)
      const verdict = judge(answer.status)
      if (verdict === 'final') throw await trial.wrong(...refusedGoodEvent(answer))
      if (answer.status === 500) faults += 1
      if (faults === maxFaults) throw await trial.wrong(...neverAcknowledged(answer))
      if (verdict === 'retry') await delay(pause)
      return verdict === 'done'
    },
    () => neverAcknowledged(answer),
  )
}

const refusedGoodEvent = ({ status, body }: Answer): Wrong => [
  `Expected the event to be acknowledged, found the final answer ${status}: ${body}`,
  'throw `Rejected` only if no retry can ever help; if one can, throw `RetryLater`.',
]

const neverAcknowledged = ({ status, body }: Answer): Wrong => [
  `Expected the event to be acknowledged at some delivery, found ${status ?? 'no answer'} each time: ${body}`,
  'see the log for the reason. If only repeats fail, let them succeed: an earlier delivery may have done a part of the work.',
]
