// The process of a task, as it runs in production, with the requests that a source sends to it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Message } from '#kafka/binary-mode.ts'
import type { Environment } from './given.ts'
import { waitFor } from './wait-for.ts'

export interface Answer {
  /** Undefined if the process ended before it answered. */
  status: number | undefined
  /** The problem that the answer states; empty on success. */
  body: string
}

/** ms. As long as a source waits for an answer. */
const timeout = 60_000
/** Lines of the log that an error shows. */
const shownLines = 10

export class TaskProcess {
  #child: ChildProcess
  #port: number
  #output: string[]
  #exited: Promise<string>

  constructor(child: ChildProcess, port: number, output: string[], exited: Promise<string>) {
    this.#child = child
    this.#port = port
    this.#output = output
    this.#exited = exited
  }

  /** `file`: the module of the task. Rejects with the log if the process ends before it listens. */
  static async start(file: string, environment: Environment): Promise<TaskProcess> {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const child = fork(join(import.meta.dirname, 'serve-task.ts'), [file], {
      env: { PATH, NODE_COMPILE_CACHE, HOST: '127.0.0.1', PORT: '0', ...environment },
      execArgv: [],
      silent: true,
    })
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => output.push(text))
    }
    const exited = once(child, 'close').then(([code, signal]) => String(code ?? signal))
    const listening = once(child, 'message').then(([message]) => message.listening as number)
    const ended = exited.then((exit) => {
      throw new Error(`The process of the task ended with ${exit}:\n${output.join('')}`)
    })
    ended.catch(() => {})
    return new TaskProcess(child, await Promise.race([listening, ended]), output, exited)
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async post(message: Message): Promise<Answer> {
    const signal = AbortSignal.timeout(timeout)
    try {
      const response = await fetch(this.#url, { method: 'POST', ...message, signal })
      return { status: response.status, body: await response.text() }
    } catch {
      return { status: undefined, body: '' }
    }
  }

  /** Value of a metric, summed over its labels; 0 if there is none of this name. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#url}/metrics`)).text()
    const values = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))
    return [...values].reduce((sum, [, value]) => sum + Number(value), 0)
  }

  /** Resolves when the process has answered another request: what it had to say before, it has said. */
  async answered(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await fetch(`${this.#url}/health/liveness`).then((response) => response.text())
    }
  }

  /** Resolves when the process has ended. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** SIGTERM. Resolves when the process listens no longer. It may still have deliveries to answer. */
  async terminate(): Promise<void> {
    this.#child.kill('SIGTERM')
    await waitFor(
      async () => !(await isOpen(this.#port)),
      () => new Error(`Expected the process to stop listening after SIGTERM\n${this.log()}`),
    )
  }

  /** Resolves with the exit code, or the signal. */
  get exited(): Promise<string> {
    return this.#exited
  }

  /** Later errors show only what is logged from now on. */
  forgetLog(): void {
    this.#output.length = 0
  }

  /** The end of the log, to be shown with an error. */
  log(): string {
    const lines = this.#output.join('').trimEnd().split('\n').slice(-shownLines)
    return lines.join('') === '' ? 'The task logged nothing.' : `Its log:\n${lines.join('\n')}`
  }
}

/** A connection, not a request: requests keep a process from closing. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const settle = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => settle(true)).once('error', () => settle(false))
  })
}
