// How a task is declared: what it reacts to, what it emits, what forms may say about it, and what it does.
import type { Logger } from 'pino'
import type * as z from 'zod'
import type { Draft, EventType, FormEvent } from '#kafka/define-event.ts'
import type { Field } from './forms/field.ts'
import type { Form } from './forms/form.ts'
import type { Mismatch } from './forms/task-rules.ts'

// The data of an event is checked by its schema where it enters and leaves, so the list may hold events of any data.
// biome-ignore lint/suspicious/noExplicitAny: EventType is invariant in its data, and a list of them has many
type AnyEventType = EventType<any>

export interface Given<Data, Options, Clients> {
  event: FormEvent<Data>
  /** Of the event, for a task that says later what came of it. */
  cause: Cause
  form: Form
  /** What the form's file says under `tasks.<name>`. */
  options: Options
  clients: Clients
  log: Logger
}

/** What an event that follows takes over from the one it follows. Plain data: it can be kept until then. */
export interface Cause {
  id: string
  /** The submission. */
  subject: string
  /** When the person submitted, ISO 8601. */
  time: string
  form: string
  traceparent?: string
}

/**
 * Publishes what follows a cause, also after its delivery was acknowledged, and fails as a delivery does: `RetryLater` where
 * it could not. All drafts of a cause at once, returned or emitted: their ids count from 0 in each call.
 */
export type Emit<Followed extends Draft = Draft> = (
  cause: Cause,
  drafts: Followed[],
) => Promise<void>

/** What a task's clients are made with. */
export interface Connected<Followed extends Draft = Draft, Options = unknown> {
  log: Logger
  emit: Emit<Followed>
  /** What the form's present file says of the task; undefined where there is no such form, or it does not list the task. */
  optionsOf: (form: string) => Options | undefined
}

/** Made once at a cold start by `connect`; closed on SIGTERM, after the deliveries in flight. */
export interface Closable {
  close?(): Promise<void> | void
  /** Why deliveries cannot succeed now: the function is not ready then. */
  problem?(): string | undefined
  /** What an operator should know though deliveries succeed. Never an answer of a person. */
  notes?(): Record<string, string>
}

/** What a task does by the clock. */
export interface Every<Clients> {
  /** Five fields of cron, in UTC, as Knative's PingSource takes them. */
  schedule: string
  /** A tick may come while the last one is still handled. One that fails is not tried again: the next comes. */
  handle: (given: { clients: Clients; log: Logger }) => Promise<void>
}

export interface Task<
  Data = unknown,
  Emits extends readonly AnyEventType[] = readonly AnyEventType[],
  Options = unknown,
  Config = unknown,
  Clients extends Closable = Closable,
> {
  /** Also the folder, the consumer group and the Knative Service. */
  name: string
  on: EventType<Data>
  /** Events of one topic: all that `handle` may return. */
  emits: Emits
  /** Runs for forms that do not list it, too; its options are then the defaults. */
  everyForm?: boolean
  /** True where, in such an environment, it keeps state on the machine it runs on: no second instance may run beside it. */
  oneInstance?: (environment: Record<string, string | undefined>) => boolean
  /** What a form's file may say under `tasks.<name>`. */
  options: z.ZodType<Options>
  /** The fields that the options name; a form without one of them is refused. */
  fieldsIn?: (options: Options) => string[]
  /**
   * What the task cannot take though the door would accept it: the form is refused. In a cluster `npm run generate` asks, not
   * the functions.
   */
  checkForm?: (options: Options, fields: Field[]) => Mismatch | undefined
  /** What of the first options no two forms may have: completes "expected …". The form that came first keeps it. */
  clash?: (options: Options, others: Options) => string | undefined
  /** The environment it needs, parsed once. */
  config: z.ZodType<Config>
  connect: (
    config: Config,
    connected: Connected<ReturnType<Emits[number]>, Options>,
  ) => Promise<Clients>
  /** At-least-once: the same event may come again, also while it is being handled. */
  handle: (given: Given<Data, Options, Clients>) => Promise<ReturnType<Emits[number]>[]>
  every?: Every<Clients>
}

/** A task whatever its data, options and config are. */
// biome-ignore lint/suspicious/noExplicitAny: as AnyEventType; what a task is handed was checked by its own schemas
export type AnyTask = Task<any, readonly AnyEventType[], any, any, any>

export function defineTask<
  Data,
  const Emits extends readonly AnyEventType[],
  Options,
  Config,
  Clients extends Closable,
>(task: Task<Data, Emits, Options, Config, Clients>): Task<Data, Emits, Options, Config, Clients> {
  return task
}
