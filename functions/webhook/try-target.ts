// One attempt to deliver an event to a target, and what its outcome means for the event.
import { Rejected } from '#kit/errors.ts'
import type { Form } from '#kit/forms/form.ts'
import { fillIn, MissingSecret } from './address.ts'
import { type Forwarded, messageFor } from './message.ts'
import { countAttempt, type Result } from './metrics.ts'
import { ForbiddenAddress } from './outbound/guarded-connector.ts'
import { NotSent, type Outbound } from './outbound/post.ts'
import type { Secrets } from './secrets.ts'
import type { GoneTargets } from './targets/gone-targets.ts'
import type { Patience } from './targets/patience.ts'

/** The target answered 410 before the person submitted, and its form is still the same: it gets no more events. */
export class Gone extends Rejected {
  override name = 'Gone'
}

/** The target may have the message or not. */
export class AnswerLost extends Error {
  override name = 'AnswerLost'
}

/** A target within all forms. */
const keyOf = ({ form, target }: Pick<Attempt, 'form' | 'target'>): string =>
  `${form.id}/${target.name}`

interface Targets {
  outbound: Pick<Outbound, 'post'>
  secrets: Secrets
  patience: Patience
  gone: GoneTargets
}

export type Attempt = Forwarded & { form: Pick<Form, 'id' | 'title' | 'version'> }

/** Why the target does not have the event. `retry`: a later attempt may work. `unknown`: it may have it. */
interface Failure {
  result: Exclude<Result, 'delivered' | 'skipped'>
  retry: boolean
  problem: string
}

/** Answers after which a later attempt may work, besides 5xx. */
const temporary = [408, 425, 429]

/**
 * Resolves with the status of a 2xx answer. Throws `Rejected`, `RetryLater` or `Gone` if the target certainly does not have the event,
 * and `AnswerLost` if nobody knows.
 */
export async function tryTarget(attempt: Attempt, targets: Targets): Promise<number> {
  const { event, form, target } = attempt
  const { patience, gone } = targets
  const count = (result: Result) => countAttempt(form.id, target.name, result)
  const since = await gone.since(form, target.name)
  if (since !== undefined) {
    const isLater = Date.parse(event.time ?? '') > Date.parse(since)
    count(isLater ? 'skipped' : 'gone')
    // One that waited for the target, or is replayed, is kept as a dead letter: it is from before the 410.
    throw isLater ? new Gone(gone410) : new Rejected(gone410)
  }
  return patience.run(keyOf(attempt), event.id, async () => {
    const outcome = await post(attempt, targets)
    const failure = typeof outcome === 'number' ? failureOf(outcome) : outcome
    count(failure?.result ?? 'delivered')
    if (failure) throw await errorOf(failure, attempt, targets)
    patience.worked(keyOf(attempt), event.id)
    return outcome as number
  })
}

/** The status of the answer, or why there is none. */
async function post(attempt: Attempt, { outbound, secrets }: Targets): Promise<number | Failure> {
  try {
    const url = fillIn(attempt.target.url, secrets)
    return await outbound.post(url, messageFor(attempt, secrets))
  } catch (error) {
    return failureWithoutAnswer(error as Error)
  }
}

async function errorOf(
  { result, retry, problem }: Failure,
  attempt: Attempt,
  { patience, gone }: Targets,
): Promise<Error> {
  const { event, form, target } = attempt
  if (result === 'gone') await gone.add(form, target.name)
  if (!retry) return new Rejected(problem)
  const error = patience.failed(keyOf(attempt), { event: event.id, problem })
  return result === 'unknown' ? new AnswerLost(problem) : error
}

function failureWithoutAnswer(error: Error): Failure {
  const { message: problem } = error
  if (error instanceof Rejected || error instanceof ForbiddenAddress) {
    return { result: 'refused', retry: false, problem }
  }
  if (error instanceof NotSent || error instanceof MissingSecret) {
    return { result: 'failed', retry: true, problem }
  }
  return { result: 'unknown', retry: true, problem: `its answer was lost: ${problem}` }
}

function failureOf(status: number): Failure | undefined {
  if (status < 300) return undefined
  if (status === 410) return { result: 'gone', retry: false, problem: gone410 }
  const problem = `answered ${status}${status < 400 ? redirect : ''}`
  return status >= 500 || temporary.includes(status)
    ? { result: 'failed', retry: true, problem }
    : { result: 'refused', retry: false, problem }
}

const gone410 = 'answered 410 Gone: it gets nothing more until the form changes'
const redirect = ', a redirect, which is not followed: the form needs the final address'
