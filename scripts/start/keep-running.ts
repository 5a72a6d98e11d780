import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface RunningModule {
  port: number
  stop: () => Promise<void>
}

/**
 * Runs a module as a child process that reports the port it listens on, and starts it again whenever it exits. Rejects if the
 * first process exits before it listens.
 */
export async function keepRunning(
  module: string,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<RunningModule> {
  let stopping = false
  let child: ChildProcess

  async function start(): Promise<number> {
    child = fork(module, { env })
    const exited = once(child, 'exit')
    const died = exited.then(([code]) => {
      throw new Error(`${module} exited with ${code} before it listened`)
    })
    const [message] = await Promise.race([once(child, 'message'), died])
    died.catch(() => void restart())
    return (message as { listening: number }).listening
  }

  async function restart(): Promise<void> {
    while (!stopping) {
      logger.warn(`${module} exited; starting it again`)
      await delay(500)
      if (stopping || (await start().catch(() => undefined))) return
    }
  }

  return {
    port: await start(),
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
