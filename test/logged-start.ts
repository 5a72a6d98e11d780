// `npm start` with its output in a file, and a log of all command lines: for tests that search both for secrets.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startArguments } from './instance.ts'

export interface LoggedStart {
  dataDir: string
  /** Resolves with the exit code and the signal. */
  ended: Promise<unknown[]>
  stop: () => boolean
  /** All that it has printed and logged so far. */
  output: () => string
}

/** `name`: of its data folder in `folder`. */
export function loggedStart(
  folder: string,
  name: string,
  environment: Record<string, string>,
): LoggedStart {
  const dataDir = join(folder, name)
  const logFile = join(folder, `${name}.log`)
  const file = openSync(logFile, 'w')
  const ports = { PORT: '0', SHEETS_EMULATOR_PORT: '0', MAILBOX_PORT: '0' }
  const own = { ...ports, IDLE_SECONDS: '1', LOG_LEVEL: 'trace' }
  const child = spawn(process.execPath, startArguments, {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', file, file],
    env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir, ...own, ...environment },
  })
  return {
    dataDir,
    ended: once(child, 'exit'),
    stop: () => child.kill('SIGTERM'),
    output: () => readFileSync(logFile, 'utf8'),
  }
}

/** Appends all command lines of this machine to `file`, five times a second, for at most two minutes. */
export function watchCommandLines(file: string): ChildProcess {
  const loop = 'for n in $(seq 600); do ps -eww -o args >> "$0"; sleep 0.2; done'
  return spawn('sh', ['-c', loop, file], { stdio: 'ignore' })
}
