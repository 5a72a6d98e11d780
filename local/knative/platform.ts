// The local equivalent of Knative: a sink, and for each task a source, a schedule and a function. A function is a process that scales
// to zero, or, for a task that runs on one machine only, a part of this process.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { inputsOf, type Task } from '#kit/define-task.ts'
import { rules as defaultRules, type Rules } from '#kit/delivery-rules.ts'
import { FunctionHere } from './function-here.ts'
import { FunctionProcess } from './function-process.ts'
import type { FunctionOptions } from './running-function.ts'
import { type Schedule, startSchedule } from './schedule.ts'
import { buildSink } from './sink.ts'
import { type Source, startSource } from './source/source.ts'

type PlatformTask = Pick<Task, 'name' | 'on' | 'emits' | 'every' | 'config' | 'localOnly'>

/** What sources and commands need of a function. */
export type LocalFunction = Pick<FunctionProcess, 'post' | 'get' | 'stop' | 'pid'>

export interface PlatformOptions {
  log: Log
  tasks: PlatformTask[]
  /** Returns the environment for the process of a task. Called when the process is started, which waits for it. */
  env: (task: Pick<Task, 'config'>) => ReturnType<FunctionOptions['env']>
  /** Bearer token that the sink and the functions require. Without it they accept any local request. */
  token?: string
  /** Milliseconds without a delivery until a function's process is stopped. */
  idle: number
  /** Overrides of the delivery rules. */
  rules?: Partial<Rules>
  logger: Logger
}

export interface Platform {
  /** The server behind K_SINK. Routes can be added before `start`. */
  sink: FastifyInstance
  functions: ReadonlyMap<string, LocalFunction>
  sources: ReadonlyMap<string, Source>
  /** Only of tasks that have a schedule. */
  schedules: ReadonlyMap<string, Schedule>
  /** Reasons why tasks receive no events, by task. */
  problems: () => Record<string, string>
  /** Starts the sink, then delivery. Returns the sink's URL. */
  start: () => Promise<string>
  close: () => Promise<void>
}

const functionProgram = join(import.meta.dirname, 'serve-task.ts')

export function buildPlatform(options: PlatformOptions): Platform {
  const { log, tasks, token, logger } = options
  const rules = { ...defaultRules, ...options.rules }
  const topics = new Set(topicsOf(declared).map((topic) => topic.name))
  const sink = buildSink(log, topics, token)
  const functions = new Map<string, LocalFunction>()
  const sources = new Map<string, Source>()
  const schedules = new Map<string, Schedule>()

  async function start(): Promise<string> {
    const url = await sink.listen({ host: '127.0.0.1', port: 0 })
    // In parallel: a source that waits for its consumer group delays no other.
    await Promise.all(tasks.map((task) => startTask(task, url)))
    // Work left from the last run should not wait for the schedule.
    for (const { tick } of schedules.values()) void tick()
    return url
  }

  async function startTask(task: PlatformTask, sinkUrl: string): Promise<void> {
    const { name, every } = task
    const topics = inputsOf(task).map((topic) => topic.name)
    const running = functionOf(task, sinkUrl, { ...options, rules })
    functions.set(name, running)
    const post = running.post.bind(running)
    const source = { task: name, topics, log, post, rules, logger }
    sources.set(name, await startSource(source))
    if (every) schedules.set(name, startSchedule({ task: name, ...every, post, logger }))
  }

  async function close(): Promise<void> {
    for (const schedule of schedules.values()) schedule.stop()
    await Promise.all([...sources.values()].map((source) => source.close()))
    await Promise.all([...functions.values()].map((running) => running.stop()))
    await sink.close()
  }
  return { sink, functions, sources, schedules, problems: () => problemsOf(sources), start, close }
}

function functionOf(
  task: PlatformTask,
  sinkUrl: string,
  options: PlatformOptions & { rules: Rules },
): LocalFunction {
  const process = processOptions(task, sinkUrl, options)
  return task.localOnly === undefined ? new FunctionProcess(process) : new FunctionHere(process)
}

const processOptions = (
  task: PlatformTask,
  sinkUrl: string,
  { env, token, idle, rules, logger }: PlatformOptions & { rules: Rules },
) => ({
  name: task.name,
  module: functionProgram,
  args: [task.name],
  env: async () => ({
    ...(await env(task)),
    K_SINK: task.emits[0] && `${sinkUrl}/topics/${task.emits[0].topic.name}`,
    INSTANCE_TOKEN: token,
  }),
  token,
  idle,
  connections: 2 * rules.inFlight,
  timeout: rules.timeout,
  logger,
})

const problemsOf = (sources: Platform['sources']): Record<string, string> =>
  Object.fromEntries(
    [...sources].flatMap(([task, source]) => {
      const problem = source.problem()
      return problem === undefined ? [] : [[task, problem]]
    }),
  )
