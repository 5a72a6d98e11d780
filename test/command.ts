import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a command of package.json. Resolves with its stdout; rejects if it fails, with its stderr in the message. */
export async function runScript(
  environment: Record<string, string>,
  script: string,
  ...args: string[]
): Promise<string> {
  const { stdout } = await execute(process.execPath, [script, ...args], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  })
  return stdout
}

/** Runs a command on the instance of a data folder. */
export const command = (dataDir: string, script: string, ...args: string[]): Promise<string> =>
  runScript({ DATA_DIR: dataDir }, script, ...args)
