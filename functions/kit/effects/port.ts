// The port to the ledger of effects: what is known of each effect of a task, so that none is repeated unseen. Adapters: sqlite/, redis/.

/** The task whose effects a ledger has. */
export interface LedgerOwner {
  name: string
  /** Seconds. */
  maxAge?: number
}

export interface EffectKey {
  /** The submission, unique among those of all forms. */
  submission: string
  /** Name of the effect among those that the task has for a submission. */
  effect: string
}

/** What to do with an effect whose result is not known: have it again, or leave it. */
export type UnknownPolicy = 'repeat' | 'leave'

export interface Attempt extends EffectKey {
  /** Unique. */
  attempt: string
}

/** `unknown`: how many earlier attempts have no known result. */
export type Known =
  /** The effect may happen now, and no other attempt begins. `interrupted`: the attempt before this one ended without a note. */
  | { state: 'begun'; unknown: number; interrupted: boolean }
  | { state: 'done'; unknown: number; result: unknown }
  /** The result is not known, and the policy is to leave it. */
  | { state: 'unknown'; unknown: number; interrupted: boolean }
  /** Another attempt may still have the effect. */
  | { state: 'held' }

/** Each method resolves when its change is durable, and throws `RetryLater` while the store cannot be reached. */
export interface EffectStore {
  /** Begins the attempt if the effect is not done, held or left. Reserves the effect for the attempt until `leaseTime` is over. */
  begin(attempt: Attempt, policy: UnknownPolicy): Promise<Known>
  /** The effect happened. `result`: JSON. */
  finish(attempt: Attempt, result: unknown): Promise<void>
  /** The effect certainly did not happen. */
  giveBack(attempt: Attempt): Promise<void>
  /** Nobody knows whether the effect happened. */
  leave(attempt: Attempt): Promise<void>
  /** Why the store cannot be used now. */
  problem(): string | undefined
  close(): Promise<void>
}

/** ms. Longer than a source waits for an answer, so that the attempt before has ended when the event is delivered again. */
export const leaseTime = 90_000
