// Runs a Node program that reports the port it listens on over IPC, as `{ listening: <port>, again?: { NAME: value } }`.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'

export interface ChildOptions extends ForkOptions {
  /** The program's name in errors. */
  name: string
  args?: string[]
  /** A program that does not listen within this many milliseconds is killed. Without it there is no limit. */
  timeout?: number
}

export interface Child {
  pid: number
  port: number
  /** Settings with which another start listens on the same ports. */
  again: Record<string, string>
  /** Resolves with the exit code or the signal when the process has exited. */
  exited: Promise<string>
  /** Sends SIGTERM, and SIGKILL after 30 seconds. Resolves when the process has exited. */
  stop: () => Promise<void>
}

const gracePeriod = 30_000

/** Resolves when the program listens. Rejects if it exits before. */
export async function startChild(
  module: string,
  { name, args = [], timeout, ...forkOptions }: ChildOptions,
): Promise<Child> {
  const child = fork(module, args, forkOptions)
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(String(code ?? signal)))
    // A process that could not be spawned has no exit event.
    child.once('error', (error) => resolve(error.message))
  })
  const overdue = timeout && setTimeout(() => child.kill('SIGKILL'), timeout)
  const { listening, again = {} } = await report(child, name, exited).finally(() =>
    clearTimeout(overdue),
  )

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), gracePeriod)
    await exited
    clearTimeout(kill)
  }
  return { pid: child.pid as number, port: listening, again, exited, stop }
}

interface Report {
  listening: number
  again?: Record<string, string>
}

function report(child: ChildProcess, name: string, exited: Promise<string>): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: Report) => resolve(message))
    exited.then((exit) => reject(new Error(`${name} exited before it listened: ${exit}`)))
  })
}
