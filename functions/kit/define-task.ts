// How a task is declared: the events it handles, the events it emits, its options in a form's file, and its handler.
import type { Logger } from 'pino'
import * as z from 'zod'
import type { Draft, EventType, FormEvent, Topic } from '#kafka/define-event.ts'
import type { Effects } from './effects/effects.ts'
import type { EffectsDeclaration } from './effects/ledger.ts'
import { effectSettings } from './effects/settings.ts'
import type { Field } from './forms/field.ts'
import type { Form } from './forms/form.ts'
import type { Protect } from './forms/sections/protect.ts'
import type { Mismatch } from './forms/task-rules.ts'

// biome-ignore lint/suspicious/noExplicitAny: EventType is invariant in its data, and a list holds events with different data
type AnyEventType = EventType<any>

type EventTypes = AnyEventType | readonly AnyEventType[]

/** The event of a task that handles one type. */
type EventOf<Type> = Type extends EventType<infer Data> ? FormEvent<Data> : never

/** One of the events of a task that handles several types: `event.type` says which. */
type OneOf<Type> =
  Type extends EventType<infer Data, infer Name> ? FormEvent<Data> & { type: Name } : never

type HandledEvent<On> = On extends readonly AnyEventType[] ? OneOf<On[number]> : EventOf<On>

/** Input of `handle`, for one event. */
export interface HandleInput<Event, Options, Clients> {
  event: Event
  /** Keep it to emit events later, after the delivery was acknowledged. */
  cause: Cause
  form: Form
  /** The task's options in the form's file, under `tasks.<name>`. */
  options: Options
  clients: Clients
  /** Only for a task that declares `effects`. */
  effects: Effects
  log: Logger
}

/** Attributes that a follow-on event takes from the event that caused it. Plain data, so that it can be stored. */
export interface Cause {
  id: string
  /** Id of the submission. */
  subject: string
  /** When the person submitted, ISO 8601. */
  time: string
  form: string
  traceparent?: string
}

/**
 * Publishes follow-on events. It may be called after the delivery of the cause was acknowledged. Throws `RetryLater` if an
 * event could not be published. Pass all drafts of a cause in one call: their ids are numbered from 0 in each call. Or give each call
 * for a cause its own `part`, which their ids then contain.
 */
export type Emit<Followed extends Draft = Draft> = (
  cause: Cause,
  drafts: Followed[],
  part?: string,
) => Promise<void>

/** Input of `connect`, besides the config. */
export interface TaskContext<Followed extends Draft = Draft, Options = unknown> {
  log: Logger
  emit: Emit<Followed>
  /** The task's options in the form's current file; undefined if there is no such form or it does not list the task. */
  optionsOf: (form: string) => Options | undefined
  /** The form as its current file says; undefined if there is none. */
  formOf: (form: string) => Form | undefined
}

/** Clients of a task, made by `connect`. */
export interface Closable {
  /** Called on SIGTERM, after the deliveries in flight. */
  close?(): Promise<void> | void
  /** Why deliveries cannot succeed now. While there is a problem, the function is not ready. */
  problem?(): string | undefined
  /** Notes for operators, by subject. Deliveries succeed nevertheless. They must not contain answers of people. */
  notes?(): Record<string, string>
}

/** Scheduled work of a task. */
export interface Every<Clients> {
  /** Five cron fields, in UTC, as Knative's PingSource takes them. */
  schedule: string
  /** May run while the previous run is still under way. A failed run is not retried; the next tick follows. */
  handle: (input: { clients: Clients; log: Logger }) => Promise<void>
}

interface TaskDeclaration<
  Event,
  Emits extends readonly AnyEventType[],
  Options,
  Config,
  Clients extends object,
> {
  /** Also the name of its folder, consumer group and Knative Service. */
  name: string
  /** Events of one topic: everything that `handle` may return. Empty for a task that publishes nothing. */
  emits: Emits
  /** Run for forms that do not list the task, too, with default options. */
  everyForm?: boolean
  /**
   * The task follows what others do: `handle` gets the events of every form, also of those that are unknown here, without `form` and
   * `options`. Records that it cannot read are skipped, as they are dead letters of the tasks that they are for.
   */
  anyForm?: boolean
  /**
   * Why the task runs on one machine only, as a text that completes "left out: …". `npm start` then runs it in its own process, and
   * the manifests leave it out.
   */
  localOnly?: string
  /** True if, in this environment, the task keeps state on its machine, so that a second instance must not run. */
  oneInstance?: (environment: Record<string, string | undefined>) => boolean
  /**
   * Seconds. Events whose submission is older are not handled, only counted: for effects that nobody wants late, and so that a new
   * task does not repeat history. Default: no limit.
   */
  maxAge?: number
  /**
   * `ledger({ unknown: 'repeat' })` or `'leave'`: the task has effects that nobody can take back, such as mails, and `handle` has each
   * of them by `effects.run`. See docs/effects.md.
   */
  effects?: EffectsDeclaration
  /** Schema of what a form's file may set under `tasks.<name>`. Default: nothing. */
  options?: z.ZodType<Options>
  /** Names of the fields that the options mention. A form without one of them is refused. */
  fieldsIn?: (options: Options) => string[]
  /**
   * Why the task cannot process a form that the endpoint would accept; such a form is refused. In a cluster this runs in
   * `npm run generate`, not in the functions.
   */
  checkForm?: (options: Options, fields: Field[]) => Mismatch | undefined
  /** What is dangerous about a form that works: who loads or checks the form reads it. */
  warnForm?: (options: Options, protect: Protect) => string | undefined
  /**
   * The value in `options` that no other form may have too, as a text that completes "expected …"; undefined if both forms are
   * fine. The form that was loaded first keeps the value.
   */
  clash?: (options: Options, others: Options) => string | undefined
  /** Schema of the environment variables that the task reads, parsed once. Default: none. */
  config?: z.ZodType<Config>
  /** Runs once, at the start of the process. Default: no clients. */
  connect?: (
    config: Config,
    context: TaskContext<ReturnType<Emits[number]>, Options>,
  ) => Promise<Clients & Closable>
  /** At-least-once: the same event may come again, even while it is being handled. */
  handle: (input: HandleInput<Event, Options, Clients>) => Promise<ReturnType<Emits[number]>[]>
  every?: Every<Clients>
}

type WithDefault = 'options' | 'config' | 'connect'

/** A declaration in which every part with a default is set. */
export type Task<
  Event = FormEvent,
  Emits extends readonly AnyEventType[] = readonly AnyEventType[],
  Options = unknown,
  Config = unknown,
  Clients extends object = Closable,
> = TaskDeclaration<Event, Emits, Options, Config, Clients> &
  Required<Pick<TaskDeclaration<Event, Emits, Options, Config, Clients>, WithDefault>> & {
    on: readonly AnyEventType[]
  }

/** A task with any data, options, config and clients. */
// biome-ignore lint/suspicious/noExplicitAny: as for AnyEventType; the task's own schemas check what it is handed
export type AnyTask = Task<any, readonly AnyEventType[], any, any, any>

export function defineTask<
  const On extends EventTypes,
  const Emits extends readonly AnyEventType[],
  Options,
  Config,
  Clients extends object,
>(
  task: TaskDeclaration<HandledEvent<On>, Emits, Options, Config, Clients> & {
    /** One type of event, or several, of any topics. The order of events of different topics is not kept. */
    on: On
  },
): Task<HandledEvent<On>, Emits, Options, Config, Clients> {
  const defaults = { options: z.strictObject({}), config: z.object({}), connect: async () => ({}) }
  const on = [task.on].flat()
  const declared = { ...defaults, ...task, on, ...(task.effects && withLedger(task)) }
  return declared as Task<HandledEvent<On>, Emits, Options, Config, Clients>
}

/** The ledger needs its settings, and in a file it is for one instance. */
const withLedger = ({ config }: { config?: z.ZodType }) => ({
  // Keeps the checks of the config, too.
  config: ((config ?? z.object({})) as z.ZodObject).safeExtend(effectSettings),
  oneInstance: ({ REDIS_URL }: Record<string, string | undefined>) => !REDIS_URL,
})

/** The topics that a task reads, each once. */
export const inputsOf = ({ on }: { on: readonly { topic: Topic }[] }): Topic[] => [
  ...new Set(on.map(({ topic }) => topic)),
]
