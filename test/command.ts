// The commands of package.json, run as processes of their own.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Resolves with what it printed; rejects where its exit code is not 0, with what it wrote to stderr in the message. */
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

/** The same, on the data folder of a test. */
export const command = (dataDir: string, script: string, ...args: string[]): Promise<string> =>
  runScript({ DATA_DIR: dataDir }, script, ...args)
