// What the conformance suite needs to know about a task: a form, an event, and where to see the task's effects.
import type { Draft, FormEvent } from '#kafka/define-event.ts'

export type Environment = Record<string, string>

/** What a task's test file hands to the suite. */
export interface Given {
  /** Text of a form file that lists the task with its options; or a function of what `world.start` returned. */
  form: string | ((environment: Environment) => string)
  /** An event that the task handles, with answers that fit the form. */
  event: Draft
  /** Where the effects of the task are seen. Default: the task has no effects but its events. */
  world?: World
  /** Further environment variables of the task. */
  environment?: Environment
  /** How many events the task publishes for the event. Default: 1, or 0 if it declares none. */
  events?: number
  /** The task acknowledges an event before it has had its effect, as the sheets task does. */
  defers?: boolean
  /** True for an event that tells that the effect was refused for good. Default: the task throws `Rejected` instead. */
  tellsRefusal?: (event: FormEvent) => boolean
}

/**
 * What a task changes outside of itself, such as the server that it calls, replaced by one that counts. Its optional functions lead to
 * further cases. Functions other than `start` are called between `start` and `stop`.
 */
export interface World {
  /** Returns the environment variables that lead the task here. */
  start: () => Promise<Environment>
  /** How often the effect has happened for this submission. A world that ignores repeats does not count them. */
  count: (submission: string) => number | Promise<number>
  /** From now on the effect fails, and may succeed later. */
  fail?: () => void | Promise<void>
  /** How often the effect was attempted while it failed. Only for a task that defers, which tells by no answer that it has tried. */
  failures?: () => number | Promise<number>
  /** From now on the effect is refused for good. */
  refuse?: () => void | Promise<void>
  /** The next effect for this submission happens, but the task gets no answer. Resolves when it has happened. */
  hold?: (submission: string) => Promise<void>
  /** Ends `fail`, `refuse` and `hold`. */
  recover?: () => void | Promise<void>
  stop: () => void | Promise<void>
}
