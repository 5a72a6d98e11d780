// Scales one function between zero and one process: the first delivery starts it, and it is stopped when idle.
import { headerProblem } from '#kafka/event-client.ts'
import {
  type FunctionOptions,
  type FunctionResponse,
  type RunningFunction,
  startFunction,
} from './running-function.ts'

export interface FunctionProcessOptions extends FunctionOptions {
  /** Milliseconds without a delivery until the process is stopped. */
  idle: number
}

export class FunctionProcess {
  #options: FunctionProcessOptions
  #running: Promise<RunningFunction> | undefined
  /** Resolves when the last process has exited. The next one waits for it, because both may own the same files. */
  #lastExit: Promise<unknown> = Promise.resolve()
  #deliveries = 0
  #idleTimer: NodeJS.Timeout | undefined

  constructor(options: FunctionProcessOptions) {
    this.#options = options
  }

  /**
   * Starts the process if necessary. Rejects if there is no response: the process did not start, died, or took too long.
   * Returns status 400 for headers that HTTP cannot carry.
   */
  async post(headers: Record<string, string>, body: string | Buffer): Promise<FunctionResponse> {
    if (headerProblem(headers)) return unsendable
    this.#deliveries += 1
    clearTimeout(this.#idleTimer)
    try {
      const running = await this.#ensureRunning()
      return await running.post(headers, body)
    } finally {
      this.#deliveries -= 1
      // stop() may have been called in the meantime.
      if (this.#deliveries === 0 && this.#running) {
        this.#idleTimer = setTimeout(() => void this.stop(), this.#options.idle)
      }
    }
  }

  /** Requests a path such as /metrics. Returns undefined, and starts nothing, if the process is not running. */
  async get(path: string): Promise<FunctionResponse | undefined> {
    const running = await this.#running?.catch(() => undefined)
    return running?.get(path)
  }

  /** SIGTERM; the process finishes its requests first. Resolves when it has exited. A later post starts a new process. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer)
    const [stopping, lastExit] = [this.#running, this.#lastExit]
    this.#running = undefined
    const running = await stopping?.catch(() => undefined)
    await running?.stop()
    await lastExit
  }

  /** Undefined if the process is not running. */
  get pid(): Promise<number | undefined> | undefined {
    return this.#running?.then(
      ({ pid }) => pid,
      () => undefined,
    )
  }

  #ensureRunning(): Promise<RunningFunction> {
    if (this.#running) return this.#running
    const running = this.#lastExit.then(() => startFunction(this.#options))
    this.#lastExit = running.then(
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
}

const unsendable: FunctionResponse = {
  status: 400,
  body: 'Expected headers that HTTP can carry, found one with other characters',
}
