// The emulator as a process: its start, its end, and the end of its parent.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from '@jest/globals'
import { temporaryFile } from './emulator.fixture.ts'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function startProcess(folder: string, environment: Record<string, string> = {}) {
  const own = { DATA_DIR: folder, SHEETS_EMULATOR_PORT: '0', ...environment }
  const child = fork(new URL('./main.ts', import.meta.url), {
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  children.push(child)
  const [{ listening }] = (await once(child, 'message')) as [{ listening: number }]
  const range = `http://127.0.0.1:${listening}/v4/spreadsheets/student-data/values/Sheet1!A`
  const write = async (row: number) => {
    const response = await fetch(`${range}${row}?valueInputOption=RAW`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ values: [[`row ${row}`]] }),
    })
    return response.ok
  }
  const read = async () => (await (await fetch(`${range}1:A1000`)).json()) as { values: string[][] }
  return { child, port: listening, write, read }
}

test('acknowledged writes survive kill -9 in the middle of writing', async () => {
  const folder = dirname(temporaryFile())
  const { child, write } = await startProcess(folder)
  let written = 0
  const writing = (async () => {
    while (await write(written + 1)) {
      written += 1
      if (written === 20) child.kill('SIGKILL')
    }
  })()
  await expect(writing).rejects.toThrow('fetch failed')

  const { values } = await (await startProcess(folder)).read()
  expect(values.length).toBeGreaterThanOrEqual(written)
  expect(values).toEqual(values.map((_, n) => [`row ${n + 1}`]))
})

test('it ends when its parent has ended', async () => {
  const { child } = await startProcess(dirname(temporaryFile()))
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
})

test('SIGINT does not end a child, as Ctrl-C reaches its parent too', async () => {
  const { child, write } = await startProcess(dirname(temporaryFile()))
  child.kill('SIGINT')
  expect(await write(1)).toBe(true)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
if (!outside) console.warn('Skipped: this machine has no address but its own')

const status = (host: string, port: number) =>
  fetch(`http://${host}:${port}/`).then(
    (answer) => answer.status,
    () => 'refused',
  )

/** Ends the process and returns its output. */
async function outputOf(child: ChildProcess): Promise<string> {
  const output = text(child.stdout!)
  child.disconnect()
  return output
}

;(outside ? test : test.skip)('HOST does not change the address that it listens on', async () => {
  const folder = dirname(temporaryFile())
  const { child, port } = await startProcess(folder, { HOST: '0.0.0.0' })
  expect(await status('127.0.0.1', port)).toBe(200)
  expect(await status(outside as string, port)).toBe('refused')
  expect(await outputOf(child)).not.toContain('SHEETS_EMULATOR_HOST')
})

;(outside ? test : test.skip)(
  'SHEETS_EMULATOR_HOST changes the address, with a warning',
  async () => {
    const folder = dirname(temporaryFile())
    const { child, port } = await startProcess(folder, { SHEETS_EMULATOR_HOST: '0.0.0.0' })
    expect(await status('127.0.0.1', port)).toBe(200)
    expect(await status(outside as string, port)).toBe(200)
    expect(await outputOf(child)).toMatch(
      /"msg":"SHEETS_EMULATOR_HOST is 0\.0\.0\.0: everybody who can reach it/,
    )
  },
)
