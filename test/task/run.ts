// Runs `npm run task` for tests.
import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface Ran {
  code: number
  /** The events that the task would publish. */
  stdout: string
  /** What is said to people. */
  stderr: string
}

const root = join(import.meta.dirname, '../..')

export function runTaskCommand(
  environment: Record<string, string>,
  ...args: string[]
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'error', ...environment },
      timeout: 60_000,
    }
    execFile(process.execPath, ['scripts/task.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}
