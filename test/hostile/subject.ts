// The process under attack, and what it says of itself.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Target } from './kind.ts'

/** Bytes. */
export interface Memory {
  resident: number
  /** By objects and buffers. */
  used: number
}

/** Records in topics. */
export interface Stored {
  submitted: number
  letters: number
}

export interface Subject {
  ports: Record<Target, number>
  memory: () => Promise<Memory>
  /** Reads all of the topics. */
  stored: () => Promise<Stored>
  /** How it ended by itself; undefined while it runs. */
  crash: () => string | undefined
  stop: () => void
}

export async function startSubject(folder: string): Promise<Subject> {
  const execArgv = ['--expose-gc', '--max-semi-space-size=8']
  // The memory that malloc keeps for each thread would look like growth.
  const env = { ...process.env, NODE_OPTIONS: '', MALLOC_ARENA_MAX: '2' }
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
  const ask = async (what: 'memory' | 'stored') => {
    const told = message()
    child.send(what)
    return await told
  }
  return {
    ports,
    memory: () => ask('memory'),
    stored: () => ask('stored'),
    crash: () => crash,
    stop: () => child.kill('SIGKILL'),
  }
}
