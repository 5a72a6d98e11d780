// The process under attack, and what it says of itself.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Target } from './kind.ts'

export interface Holding {
  rss: number
  /** Records in the topics. */
  submitted: number
  letters: number
  validated: number
}

export interface Subject {
  ports: Record<Target, number>
  holding: () => Promise<Holding>
  /** How it ended by itself; undefined while it runs. */
  crash: () => string | undefined
  stop: () => void
}

export async function startSubject(folder: string): Promise<Subject> {
  const execArgv = ['--expose-gc', '--max-semi-space-size=8']
  const env = { ...process.env, NODE_OPTIONS: '' }
  const child = fork(new URL('./serve.ts', import.meta.url), [folder], { execArgv, env })
  let crash: string | undefined
  const exited = once(child, 'exit').then(([code, signal]) => {
    crash = `ended with ${code ?? signal}`
    throw new Error(`Expected the servers to run, found: ${crash}`)
  })
  // Told by `crash` where nobody waits for a message.
  exited.catch(() => {})
  const message = async () => (await Promise.race([once(child, 'message'), exited]))[0]
  const { ports } = await message()
  return {
    ports,
    async holding() {
      const told = message()
      child.send('measure')
      return await told
    },
    crash: () => crash,
    stop: () => child.kill('SIGKILL'),
  }
}
