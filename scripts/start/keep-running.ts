// A helper process that belongs to `npm start`: started again when it dies.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface Kept {
  port: number
  stop: () => Promise<void>
}

/** Resolves when it listens; rejects where it exits before. */
export async function keepRunning(
  module: string,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<Kept> {
  let stopping = false
  let child: ChildProcess

  async function start(): Promise<number> {
    child = fork(module, { env })
    const exited = once(child, 'exit')
    const died = exited.then(([code]) => {
      throw new Error(`${module} exited with ${code} before it listened`)
    })
    const [message] = await Promise.race([once(child, 'message'), died])
    died.catch(() => void again())
    return (message as { listening: number }).listening
  }

  async function again(): Promise<void> {
    while (!stopping) {
      logger.warn(`${module} died; starting it again`)
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
