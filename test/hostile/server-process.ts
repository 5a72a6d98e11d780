// Starts the process that gets the hostile inputs (serve.ts) and asks it for its memory and its stored records.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Target } from './kind.ts'

/** Bytes in use. */
export interface Memory {
  resident: number
  /** JavaScript objects and buffers. */
  used: number
}

/** Number of records. */
export interface Stored {
  submitted: number
  deadLetters: number
}

export interface Subject {
  ports: Record<Target, number>
  memory: () => Promise<Memory>
  /** Counts the records in the topics. */
  stored: () => Promise<Stored>
  /** How the process ended by itself. Undefined while it runs. */
  crash: () => string | undefined
  stop: () => void
}

export async function startSubject(folder: string): Promise<Subject> {
  const execArgv = ['--expose-gc', '--max-semi-space-size=8']
  // Two malloc arenas: with one per thread, memory that malloc keeps would look like growth.
  const env = { ...process.env, NODE_OPTIONS: '', MALLOC_ARENA_MAX: '2' }
  const child = fork(new URL('./serve.ts', import.meta.url), [folder], { execArgv, env })
  let crash: string | undefined
  const exited = once(child, 'exit').then(([code, signal]) => {
    crash = `ended with ${code ?? signal}`
    throw new Error(`Expected the servers to run, found: ${crash}`)
  })
  // While nobody waits for a message, only `crash` reports the end.
  exited.catch(() => {})
  const nextMessage = async () => (await Promise.race([once(child, 'message'), exited]))[0]
  const { ports } = await nextMessage()
  const ask = async (what: 'memory' | 'stored') => {
    const answer = nextMessage()
    child.send(what)
    return await answer
  }
  return {
    ports,
    memory: () => ask('memory'),
    stored: () => ask('stored'),
    crash: () => crash,
    stop: () => child.kill('SIGKILL'),
  }
}
