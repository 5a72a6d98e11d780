// Runs a part of a bench in a process of its own, and measures its memory.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
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

/** In MB: resident memory, its private part (the rest is the shared Node binary), and the peak of resident memory. */
export async function memoryOf(
  pid: number,
): Promise<{ rss: number; private: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const read = (name: string) => {
    const kilobytes = status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1]
    return Math.round(Number(kilobytes) / 1024)
  }
  return { rss: read('VmRSS'), private: read('RssAnon'), peak: read('VmHWM') }
}
