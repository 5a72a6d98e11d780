// What Knative is in a cluster, on this machine: for each task a source that delivers and a process that scales to zero.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import type { Task } from '#kit/define-task.ts'
import { type Rules, rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from './function-process.ts'
import { type Schedule, startSchedule } from './schedule.ts'
import { buildSink } from './sink.ts'
import { type Source, startSource } from './source/source.ts'

export interface PlatformOptions {
  log: Log
  tasks: Pick<Task, 'name' | 'on' | 'emits' | 'every' | 'config'>[]
  /** Environment of the process of a task. */
  env: (task: Pick<Task, 'config'>) => Record<string, string | undefined>
  /** What the sink and the functions ask their callers for; without it nothing. */
  token?: string
  idle: number
  rules?: Partial<Rules>
  logger: Logger
}

export interface Platform {
  /** Serves K_SINK; more routes can be added before `start`. */
  sink: FastifyInstance
  functions: ReadonlyMap<string, FunctionProcess>
  sources: ReadonlyMap<string, Source>
  /** Of the tasks that have one. */
  schedules: ReadonlyMap<string, Schedule>
  /** Why nothing comes to a task, by its name. */
  problems: () => Record<string, string>
  /** Begins to deliver. Answers the sink's URL. */
  start: () => Promise<string>
  close: () => Promise<void>
}

const main = join(import.meta.dirname, '../../functions/kit', 'main.ts')

export function buildPlatform({
  log,
  tasks,
  env,
  token,
  idle,
  logger,
  ...given
}: PlatformOptions): Platform {
  const policy = { ...rules, ...given.rules }
  const topics = new Set(topicsOf(declared).map((topic) => topic.name))
  const sink = buildSink(log, topics, token)
  const functions = new Map<string, FunctionProcess>()
  const sources = new Map<string, Source>()
  const schedules = new Map<string, Schedule>()

  async function start(): Promise<string> {
    const url = await sink.listen({ host: '127.0.0.1', port: 0 })
    // Side by side: one that has to wait for its group delays no other.
    const started = tasks.map(async (task) => {
      const { name, on, emits, every } = task
      const process = new FunctionProcess({
        name,
        module: main,
        args: [name],
        env: {
          ...env(task),
          K_SINK: `${url}/topics/${emits[0]?.topic.name}`,
          INSTANCE_TOKEN: token,
        },
        token,
        idle,
        connections: 2 * policy.inFlight,
        timeout: policy.timeout,
        log: logger,
      })
      functions.set(name, process)
      const post = process.post.bind(process)
      const source = { task: name, topic: on.topic.name, log, post, rules: policy, logger }
      sources.set(name, await startSource(source))
      if (every) schedules.set(name, startSchedule({ task: name, ...every, post, logger }))
    })
    await Promise.all(started)
    // What was left when this machine went down need not wait for the clock.
    for (const { tick } of schedules.values()) void tick()
    return url
  }

  async function close(): Promise<void> {
    for (const schedule of schedules.values()) schedule.stop()
    await Promise.all([...sources.values()].map((source) => source.close()))
    await Promise.all([...functions.values()].map((running) => running.stop()))
    await sink.close()
  }

  const problems = () =>
    Object.fromEntries(
      [...sources].flatMap(([task, source]) => {
        const problem = source.problem()
        return problem === undefined ? [] : [[task, problem]]
      }),
    )

  return { sink, functions, sources, schedules, problems, start, close }
}
