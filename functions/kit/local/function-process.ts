// The process of one function on this machine: started by the first delivery, stopped when idle, started again when it dies.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { Pool } from 'undici'

export interface FunctionProcessOptions {
  name: string
  /** The module to run and its arguments. */
  module: string
  args: string[]
  env: Record<string, string | undefined>
  /** Without a delivery for so many milliseconds it is stopped. */
  idle: number
  /** The most deliveries at once, each on a connection of its own. */
  connections: number
  timeout: number
  log: Logger
}

/** A small young generation: many functions share one machine, and what they hold is short-lived. */
const execArgv = ['--max-semi-space-size=2']

interface Running {
  child: ChildProcess
  pool: Pool
}

export interface Answer {
  status: number
  body: string
}

/** A process that has not drained by then is killed. */
const grace = 30_000

export class FunctionProcess {
  #options: FunctionProcessOptions
  #running: Promise<Running> | undefined
  #stopped: Promise<unknown> = Promise.resolve()
  #users = 0
  #idle: NodeJS.Timeout | undefined

  constructor(options: FunctionProcessOptions) {
    this.#options = options
  }

  /** Rejects where there is no answer: it did not start, died, or took too long. */
  async post(headers: Record<string, string>, body: string): Promise<Answer> {
    this.#users += 1
    clearTimeout(this.#idle)
    try {
      this.#running ??= this.#start()
      const { pool } = await this.#running
      const answer = await pool.request({ method: 'POST', path: '/', headers, body })
      return { status: answer.statusCode, body: await answer.body.text() }
    } finally {
      this.#users -= 1
      if (this.#users === 0) {
        this.#idle = setTimeout(() => void this.stop(), this.#options.idle)
      }
    }
  }

  async #start(): Promise<Running> {
    // One process at a time: it may own files.
    await this.#stopped
    const { name, module, args, env, connections, timeout, log } = this.#options
    const began = performance.now()
    const child = fork(module, args, { env: { ...process.env, ...env, PORT: '0' }, execArgv })
    const exited = once(child, 'exit')
    this.#stopped = exited
    exited.then(([code, signal]) => this.#exited(code ?? signal))
    const [message] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => {
        throw new Error(`Function ${name} exited with ${code} before it listened`)
      }),
    ])
    const { listening } = message as { listening: number }
    log.info(
      { function: name, pid: child.pid, ms: Math.round(performance.now() - began) },
      'started',
    )
    const pool = new Pool(`http://127.0.0.1:${listening}`, {
      connections,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    })
    exited.then(() => pool.destroy())
    return { child, pool }
  }

  #exited(how: number | string): void {
    this.#running = undefined
    this.#options.log.info({ function: this.#options.name, how }, 'stopped')
  }

  /** SIGTERM: it finishes what it is doing, then goes. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const running = await this.#running?.catch(() => undefined)
    if (!running) return
    this.#running = undefined
    running.child.kill('SIGTERM')
    const kill = setTimeout(() => running.child.kill('SIGKILL'), grace)
    await this.#stopped
    clearTimeout(kill)
  }

  get pid(): Promise<number | undefined> | undefined {
    return this.#running?.then(({ child }) => child.pid)
  }
}
