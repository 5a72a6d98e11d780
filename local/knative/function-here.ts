// A function in this process, for a task that runs on one machine only: a delivery is a call, and there is no process to start.
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { findTask } from '#kit/find-tasks.ts'
import { deliveryHandler, type HandleDelivery } from '#kit/handle-delivery.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { type OpenTask, openTask } from '#kit/open-task.ts'
import { buildServer } from '#kit/serve.ts'
import type { FunctionOptions, FunctionResponse } from './running-function.ts'

interface Options {
  name: string
  env: FunctionOptions['env']
  logger: Logger
}

interface Opened {
  task: OpenTask
  deliver: HandleDelivery
  /** Does not listen. */
  server: FastifyInstance
}

export class FunctionHere {
  readonly pid = undefined
  #options: Options
  #opened: Promise<Opened> | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** Rejects if the task could not be opened; the next post tries again. */
  async post(headers: Record<string, string>, body: string | Buffer): Promise<FunctionResponse> {
    const { deliver } = await this.#open()
    const { status, body: problem = '' } = await deliver(headers, body)
    return { status, body: problem }
  }

  /** Requests a path such as /metrics. Returns undefined if the task is not open. */
  async get(url: string): Promise<FunctionResponse | undefined> {
    const opened = await this.#opened?.catch(() => undefined)
    if (!opened) return undefined
    const { statusCode, body } = await opened.server.inject(url)
    return { status: statusCode, body }
  }

  /** Call it when no delivery is in flight. */
  async stop(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    this.#opened = undefined
    await opened?.server.close()
    await opened?.task.close()
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#start().catch((error) => {
      this.#opened = undefined
      const { name, logger } = this.#options
      logger.error({ task: name, problem: (error as Error).message }, 'task not opened')
      throw error
    })
    return this.#opened
  }

  async #start(): Promise<Opened> {
    const { name, env } = this.#options
    const task = await openTask(await findTask(name), await env(), { quiet: true })
    const server = buildServer(task)
    serveMetrics(server, task.registry)
    return { task, deliver: deliveryHandler(task), server }
  }
}
