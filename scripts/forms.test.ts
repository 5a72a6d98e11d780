// `npm run forms -- check`, as who types it sees it.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** How the command ended, and what it said. A signal means that it had to be ended. */
function check(forms: string): Promise<{ code: unknown; signal: unknown; said: string }> {
  const command = [join(import.meta.dirname, 'forms.ts'), 'check', forms]
  return new Promise((resolve) => {
    const options = { timeout: 20_000, killSignal: 'SIGKILL' as const }
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, signal: error?.signal, said: stdout + stderr })
    })
  })
}

test('a named pipe among the forms is told, and the process ends', async () => {
  execFileSync('mkfifo', [join(folder, 'x.yaml')])
  const { code, signal, said } = await check(folder)
  expect([code, signal ?? undefined, said]).toEqual([
    1,
    undefined,
    `${join(folder, 'x.yaml')}:1: expected a file, found a named pipe\n`,
  ])
})
