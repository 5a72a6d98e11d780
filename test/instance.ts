// Starts `npm start` in its own process group, with its own data folder and free ports, for tests and benches.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Instance } from '../local/knative/control/instance-file.ts'

export interface Running extends Instance {
  /** SIGKILL for the whole process tree. */
  kill: () => Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop: () => Promise<number | null>
}

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Arguments of Node as in `npm start`, without npm and without the check of installed packages. */
export const startArguments: string[] = manifest.scripts.start
  .replace('--import ./scripts/install.js ', '')
  .split(' ')
  .slice(1)

/** `checkout`: the folder whose `npm start` runs. */
export async function startInstance(
  dataDir: string,
  environment: Record<string, string> = {},
  checkout = root,
): Promise<Running> {
  const child = spawn(process.execPath, startArguments, {
    cwd: checkout,
    // In its own process group, so that one signal reaches all its processes.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: '0',
      SHEETS_EMULATOR_PORT: '0',
      MAILBOX_PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      ...environment,
    },
  })
  const printed = keepLines(child.stdout as Readable)
  const instance = await announced(child, join(dataDir, 'instance.json'))
  return {
    ...instance,
    async kill() {
      process.kill(-(child.pid as number), 'SIGKILL')
      await ended(child)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended(child)
      if (child.exitCode !== 0)
        console.error(`npm start ended with ${child.exitCode}:\n${printed()}`)
      return child.exitCode
    },
  }
}

/** Keeps the last 100 lines: they tell why an instance did not end well. With SHOW it prints all of them. */
function keepLines(output: Readable): () => string {
  if (process.env.SHOW) output.pipe(process.stdout)
  const lines: string[] = []
  createInterface(output).on('line', (line) => {
    lines.push(line)
    if (lines.length > 100) lines.shift()
  })
  return () => lines.join('\n')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Waits until the file names this process: it may still be that of a killed instance. */
async function announced(child: ChildProcess, file: string): Promise<Instance> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '{}')
    const instance = JSON.parse(text || '{}') as Partial<Instance>
    if (instance.pid === child.pid) return instance as Instance
    if (child.exitCode !== null) throw new Error(`npm start exited with ${child.exitCode}`)
    await delay(20)
  }
}
