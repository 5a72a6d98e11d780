// Runs a part of a bench in a process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startArguments } from '../../test/instance.ts'

export interface ServerProcess {
  port: number
  pid: number
  stop: () => Promise<void>
}

interface Program {
  /** A module of `bench/parts`. */
  file: string
  args: string[]
  /** The checkout that has the module. */
  root?: string | undefined
}

/** With Node's arguments of `npm start`. Resolves when the program has sent the message `{ port }`. */
export async function startServerProcess({
  file,
  args,
  root = join(import.meta.dirname, '../..'),
}: Program): Promise<ServerProcess> {
  const child = fork(join(root, 'bench/parts', file), args, {
    cwd: root,
    execArgv: [...startArguments.slice(0, -1), '--disable-warning=TimeoutNegativeWarning'],
  })
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
