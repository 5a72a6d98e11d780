// Has an effect once, as far as can be known: notes in the ledger that it begins, and what became of it.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { factsOf } from '../error-facts.ts'
import { Rejected, RetryLater } from '../errors.ts'
import { printable } from '../printable.ts'
import {
  type Attempt,
  type EffectKey,
  type EffectStore,
  type Known,
  leaseTime,
  type UnknownPolicy,
} from './port.ts'

export interface EffectInput {
  /** True if an earlier attempt may have had the effect. */
  repeated: boolean
  /** Aborts before another attempt may begin. */
  signal: AbortSignal
}

/** `unknown`: how many attempts have no known result. Each of them may have had the effect, too. */
export type Outcome<Result> =
  | { state: 'done'; unknown: number; result: Result }
  | { state: 'unknown'; unknown: number }

/** The effects of a task for one submission. */
export interface Effects {
  /**
   * Has the effect, unless it is done: then resolves with the result of that time. `name` is unique among the effects of the task
   * for a submission; the result must be JSON.
   *
   * An effect that throws `RetryLater` or `Rejected` certainly did not happen, and the error is passed on. After any other error, or
   * if the process ends in the middle, nobody knows: that is counted, and the task's policy decides.
   */
  run<Result>(
    name: string,
    effect: (input: EffectInput) => Promise<Result>,
  ): Promise<Outcome<Result>>
}

export interface Ledger {
  store: EffectStore
  policy: UnknownPolicy
  /** Called for each attempt whose result is not known. */
  onUnknown: () => void
  log: Logger
}

/** ms. The rest of the lease is for the note of the result. */
const effectTime = 45_000
/** ms between two attempts to note the result. */
const notePause = 500

/** `submission`: see `EffectKey`. */
export const effectsOf = (ledger: Ledger, submission: string): Effects => ({
  run: (name, effect) => run(ledger, { submission, effect: name }, effect),
})

/** For a task that does not declare `effects`. */
export const noEffects: Effects = {
  async run() {
    throw new Error(
      'Expected the task to declare `effects`, which says what to do with unknown ones',
    )
  },
}

async function run<Result>(
  { store, policy, onUnknown, log }: Ledger,
  key: EffectKey,
  effect: (input: EffectInput) => Promise<Result>,
): Promise<Outcome<Result>> {
  const attempt = { ...key, attempt: randomUUID() }
  const noteBy = performance.now() + leaseTime
  const known = await begin(store, attempt, policy)
  if (known.state === 'held') {
    throw new RetryLater(`The effect "${key.effect}" is under way in another delivery`)
  }
  if (known.state === 'done') return known as Outcome<Result>
  const { unknown, interrupted } = known
  if (interrupted) onUnknown()
  if (known.state === 'unknown') return { state: 'unknown', unknown }

  const tried = await attemptOnce(effect, unknown > 0)
  if ('result' in tried) {
    await note(() => store.finish(attempt, tried.result), noteBy)
    return { state: 'done', unknown, result: tried.result }
  }
  const { error } = tried
  if (error instanceof RetryLater || error instanceof Rejected) {
    await note(() => store.giveBack(attempt), noteBy)
    throw error
  }
  await note(() => store.leave(attempt), noteBy)
  onUnknown()
  const fields = { submission: printable(key.submission), effect: key.effect }
  log.warn({ ...fields, ...factsOf(error) }, 'the result of an effect is not known')
  if (policy === 'leave') return { state: 'unknown', unknown: unknown + 1 }
  throw new RetryLater(`The result of the effect "${key.effect}" is not known: it is repeated`, {
    cause: error,
  })
}

async function begin(store: EffectStore, attempt: Attempt, policy: UnknownPolicy): Promise<Known> {
  try {
    return await store.begin(attempt, policy)
  } catch (error) {
    // It may have begun all the same, and would count as unknown once its lease is over.
    await store.giveBack(attempt).catch(() => {})
    throw error
  }
}

type Tried<Result> = { result: Result } | { error: unknown }

async function attemptOnce<Result>(
  effect: (input: EffectInput) => Promise<Result>,
  repeated: boolean,
): Promise<Tried<Result>> {
  try {
    return { result: await effect({ repeated, signal: AbortSignal.timeout(effectTime) }) }
  } catch (error) {
    return { error }
  }
}

/** Without the note, the effect would count as unknown. So an outage of the store is waited for, as long as the lease lasts. */
async function note(write: () => Promise<void>, noteBy: number): Promise<void> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof RetryLater) || performance.now() > noteBy) throw error
      await delay(notePause)
    }
  }
}
