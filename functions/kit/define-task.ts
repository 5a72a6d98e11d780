// How a task is declared: what it reacts to, what it emits, what forms may say about it, and what it does.
import type { Logger } from 'pino'
import type * as z from 'zod'
import type { EventType, FormEvent } from '#kafka/event.ts'
import type { Form } from './forms/form.ts'

// The data of an event is checked by its schema where it enters and leaves, so the list may hold events of any data.
// biome-ignore lint/suspicious/noExplicitAny: EventType is invariant in its data, and a list of them has many
type AnyEventType = EventType<any>

export interface Given<Data, Options, Clients> {
  event: FormEvent<Data>
  form: Form
  /** What the form's file says under `tasks.<name>`. */
  options: Options
  clients: Clients
  log: Logger
}

/** Made once at a cold start by `connect`; closed on SIGTERM, after the deliveries in flight. */
export interface Closable {
  close?(): Promise<void> | void
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
  /** Keeps state on the machine it runs on: no second instance may run beside it. */
  oneInstance?: boolean
  /** What a form's file may say under `tasks.<name>`. */
  options: z.ZodType<Options>
  /** The fields that the options name; a form without one of them is refused. */
  fieldsIn?: (options: Options) => string[]
  /** The environment it needs, parsed once. */
  config: z.ZodType<Config>
  connect: (config: Config, log: Logger) => Promise<Clients>
  /** At-least-once: the same event may come again, also while it is being handled. */
  handle: (given: Given<Data, Options, Clients>) => Promise<ReturnType<Emits[number]>[]>
}

export function defineTask<
  Data,
  const Emits extends readonly AnyEventType[],
  Options,
  Config,
  Clients extends Closable,
>(task: Task<Data, Emits, Options, Config, Clients>): Task<Data, Emits, Options, Config, Clients> {
  return task
}
