// Runs a part of a bench in a process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface ServerProcess {
  port: number
  pid: number
  stop: () => Promise<void>
}

/** `file`: a module of this folder. Resolves when it has sent the message `{ port }`. */
export async function startServerProcess(
  file: string,
  args: string[] = [],
  execArgv: string[] = [],
): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, file), args, { execArgv })
  const [message] = await once(child, 'message')
  return {
    port: (message as { port: number }).port,
    pid: child.pid as number,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
