// Runs a helper process of `npm start` and restarts it when it exits.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { startChild } from '../../local/child-process.ts'

export interface Kept {
  port: number
  stop: () => Promise<void>
}

const restartDelay = 500

/** Resolves when the program listens. Rejects if its first start fails. */
export async function keepRunning(
  module: string,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<Kept> {
  let stopping = false
  const start = () => startChild(module, { name: module, env })
  let current = start()
  const { port } = await current
  void restartOnExit()

  async function restartOnExit(): Promise<void> {
    for (;;) {
      await current.then(
        ({ exited }) => exited,
        () => {},
      )
      if (!stopping) logger.warn(`${module} exited; restarting it`)
      await delay(restartDelay)
      if (stopping) return
      current = start()
    }
  }

  async function stop(): Promise<void> {
    stopping = true
    const child = await current.catch(() => undefined)
    await child?.stop()
  }
  return { port, stop }
}
