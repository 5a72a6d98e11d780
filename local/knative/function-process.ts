// The process of one function on this machine: started by the first delivery, stopped when idle, started again when it dies.
import { type ChildProcess, fork } from 'node:child_process'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Logger } from 'pino'
import { Pool } from 'undici'
import { busyHeader } from '#kit/event-loop-busy.ts'
import { bearer } from '#kit/http/same-machine.ts'

export interface FunctionProcessOptions {
  name: string
  /** The module to run and its arguments. */
  module: string
  args: string[]
  /** All that it finds in its environment, beside where it listens. */
  env: Record<string, string | undefined>
  /** What its server asks for, if anything. */
  token?: string | undefined
  /** Without a delivery for so many milliseconds it is stopped. */
  idle: number
  /** The most deliveries at once, each on a connection of its own. */
  connections: number
  /** Milliseconds until a start, or an answer, counts as failed. */
  timeout: number
  log: Logger
}

interface Running {
  child: ChildProcess
  pool: Pool
  exited: Promise<string>
}

export interface Answer {
  status: number
  body: string
  /** How busy its process was, 0 to 1. */
  busy?: number
}

/** Many functions share one machine, and what they hold is short-lived: their heaps stay small. */
const execArgv = ['--max-semi-space-size=8', '--max-old-space-size=192']

/** undici throws for these, and each time the pool is short of a connection from then on. */
function problemOf(headers: Record<string, string>): string | undefined {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch {
    return 'Expected headers that HTTP can carry, found one with other characters'
  }
}

/** A process that has not drained by then is killed. */
const grace = 30_000

export class FunctionProcess {
  #options: FunctionProcessOptions
  #own: Record<string, string>
  #running: Promise<Running> | undefined
  /** When the last process has ended: one at a time, since it may own files. */
  #ended: Promise<unknown> = Promise.resolve()
  #users = 0
  #idle: NodeJS.Timeout | undefined

  constructor(options: FunctionProcessOptions) {
    this.#options = options
    this.#own = options.token ? { authorization: bearer(options.token) } : {}
  }

  /** Rejects where there is no answer: it did not start, died, or took too long. What cannot be sent is answered with 400. */
  async post(headers: Record<string, string>, body: string | Buffer): Promise<Answer> {
    const unsendable = problemOf(headers)
    if (unsendable) return { status: 400, body: unsendable }
    this.#users += 1
    clearTimeout(this.#idle)
    try {
      const { pool } = await this.#run()
      const sent = { ...headers, ...this.#own }
      const answer = await pool.request({ method: 'POST', path: '/', headers: sent, body })
      const busy = answer.headers[busyHeader]
      return {
        status: answer.statusCode,
        body: await answer.body.text(),
        ...(busy !== undefined && { busy: Number(busy) }),
      }
    } finally {
      this.#users -= 1
      // What has been stopped meanwhile is not to be stopped again.
      if (this.#users === 0 && this.#running) {
        this.#idle = setTimeout(() => void this.stop(), this.#options.idle)
      }
    }
  }

  /** What it says of itself, on a path such as /metrics. Undefined where it does not run: asking starts nothing. */
  async get(path: string): Promise<Answer | undefined> {
    const running = await this.#running?.catch(() => undefined)
    if (!running) return undefined
    const answer = await running.pool.request({ method: 'GET', path, headers: this.#own })
    return { status: answer.statusCode, body: await answer.body.text() }
  }

  #run(): Promise<Running> {
    if (this.#running) return this.#running
    const running = this.#start(this.#ended)
    this.#ended = running.then(
      ({ exited }) => exited,
      () => {},
    )
    const forget = () => {
      if (this.#running === running) this.#running = undefined
    }
    running.then(({ exited }) => exited.then(forget), forget)
    this.#running = running
    return running
  }

  async #start(lastEnded: Promise<unknown>): Promise<Running> {
    await lastEnded
    const { name, module, args, env, connections, timeout, log } = this.#options
    const began = performance.now()
    // Only this machine may post to it, wherever the endpoint listens.
    const own = { HOST: '127.0.0.1', PORT: '0' }
    const child = fork(module, args, { env: { ...env, ...own }, execArgv })
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(String(code ?? signal)))
      child.once('error', (error) => resolve(error.message))
    })
    const port = await this.#listening(child, exited)
    const ms = Math.round(performance.now() - began)
    log.info({ function: name, pid: child.pid, ms }, 'started')
    const pool = new Pool(`http://127.0.0.1:${port}`, {
      connections,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    })
    exited.then((how) => {
      log.info({ function: name, how }, 'stopped')
      return pool.destroy()
    })
    return { child, pool, exited }
  }

  async #listening(child: ChildProcess, exited: Promise<string>): Promise<number> {
    const { name, timeout } = this.#options
    const late = setTimeout(() => child.kill('SIGKILL'), timeout)
    try {
      return await new Promise<number>((resolve, reject) => {
        child.once('message', (message: { listening: number }) => resolve(message.listening))
        exited.then((how) => reject(new Error(`Function ${name} ended before it listened: ${how}`)))
      })
    } finally {
      clearTimeout(late)
    }
  }

  /** SIGTERM: it finishes what it is doing, then goes. Resolves when it has gone; a later post starts another. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const [stopping, ended] = [this.#running, this.#ended]
    this.#running = undefined
    const running = await stopping?.catch(() => undefined)
    running?.child.kill('SIGTERM')
    const kill = setTimeout(() => running?.child.kill('SIGKILL'), grace)
    await ended
    clearTimeout(kill)
  }

  get pid(): Promise<number | undefined> | undefined {
    return this.#running?.then(
      ({ child }) => child.pid,
      () => undefined,
    )
  }
}
