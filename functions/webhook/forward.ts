// Delivers one event to the targets of its form, each independent of the others.
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionForwarded } from '#kafka/events.ts'
import type { Cause, Emit } from '#kit/define-task.ts'
import type { Effects } from '#kit/effects/effects.ts'
import { Rejected, RetryLater } from '#kit/errors.ts'
import type { Form } from '#kit/forms/form.ts'
import type { Target } from './options.ts'
import type { Patience } from './targets/patience.ts'
import type { ReachedTargets } from './targets/reached-targets.ts'
import { AnswerLost, type Attempt, Gone } from './try-target.ts'

export interface Forwarding {
  event: FormEvent
  cause: Cause
  form: Form
  targets: Target[]
  effects: Effects
}

interface Clients {
  /** See try-target.ts. */
  tryTarget: (attempt: Attempt) => Promise<number>
  reached: ReachedTargets
  patience: Pick<Patience, 'forget'>
  emit: Emit<ReturnType<typeof submissionForwarded>>
}

/**
 * Resolves when all targets have the event. Otherwise throws `RetryLater` if one of them may get it later, else `Rejected`; the message
 * names the targets that do not have it. The others are published nevertheless, and not tried again.
 */
export async function forward(forwarding: Forwarding, clients: Clients): Promise<void> {
  const { event, form, targets } = forwarding
  const { reached, patience } = clients
  const key = `${form.id}/${event.id}`
  const results = await Promise.allSettled(
    targets.map(async (target) => {
      if (reached.has(key, target.name)) return
      await forwardTo(target, forwarding, clients)
      reached.add(key, target.name)
    }),
  )
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ target: targets[index] as Target, ...result }] : [],
  )
  const error = failures.length > 0 ? asOne(failures) : undefined
  if (!(error instanceof RetryLater)) {
    reached.forget(key)
    patience.forget(event.id)
  }
  if (error) throw error
}

async function forwardTo(
  target: Target,
  { event, cause, form, effects }: Forwarding,
  { tryTarget, emit }: Clients,
): Promise<void> {
  const fact = event.type.split('.').at(-1)
  const effect = effects.run(`${target.name} ${fact}`, () => tryTarget({ event, form, target }))
  const outcome = await effect.catch((error) => {
    if (error instanceof Gone) return undefined
    throw error
  })
  // The policy of the task is `repeat`: an effect that is not done has thrown an error.
  if (outcome?.state !== 'done') return
  const { unknown, result: status } = outcome
  await emit(cause, [submissionForwarded({ target: target.name, status, unknown })], target.name)
}

interface Failure {
  target: Target
  reason: unknown
}

/** The ledger's own error does not say why the answer was lost. */
const problemOf = ({ cause, message }: Error): string =>
  cause instanceof AnswerLost ? cause.message : message

/** A fault, which is neither `RetryLater` nor `Rejected`, is thrown as it is. */
function asOne(failures: Failure[]): Error {
  const fault = failures.find(
    ({ reason }) => !(reason instanceof RetryLater || reason instanceof Rejected),
  )
  if (fault) return fault.reason as Error
  const texts = failures.map(
    ({ target, reason }) => `"${target.name}": ${problemOf(reason as Error)}`,
  )
  const message = `Not delivered to ${texts.join('; ')}`
  const mayWork = failures.some(({ reason }) => reason instanceof RetryLater)
  return mayWork ? new RetryLater(message) : new Rejected(message)
}
