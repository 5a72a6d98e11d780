// Runs a helper process of `npm start` and restarts it when it exits.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { startChild } from '../../local/child-process.ts'

export interface Kept {
  port: number
  /** Settings with which it is restarted, so that it listens on the same ports. */
  again: Record<string, string>
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
  const start = (settings: NodeJS.ProcessEnv) =>
    startChild(module, { name: module, env: { ...env, ...settings } })
  let current = start({})
  const { port, again } = await current
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
      current = start(again)
    }
  }

  async function stop(): Promise<void> {
    stopping = true
    const child = await current.catch(() => undefined)
    await child?.stop()
  }
  return { port, again, stop }
}
