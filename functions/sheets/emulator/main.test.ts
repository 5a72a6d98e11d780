// The emulator as a process of its own: how it starts, dies and goes with its parent.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { givenFile } from './given.ts'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function givenProcess(folder: string) {
  const env = { ...process.env, DATA_DIR: folder, SHEETS_EMULATOR_PORT: '0' }
  const child = fork(new URL('./main.ts', import.meta.url), { env, stdio: 'ignore' })
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
  return { child, write, read }
}

test('what was answered survives kill -9 in the middle of writing', async () => {
  const folder = dirname(givenFile())
  const { child, write } = await givenProcess(folder)
  let written = 0
  const writing = (async () => {
    while (await write(written + 1)) {
      written += 1
      if (written === 20) child.kill('SIGKILL')
    }
  })()
  await expect(writing).rejects.toThrow('fetch failed')

  const { values } = await (await givenProcess(folder)).read()
  expect(values.length).toBeGreaterThanOrEqual(written)
  expect(values).toEqual(values.map((_, n) => [`row ${n + 1}`]))
})

test('it goes when its parent is gone', async () => {
  const { child } = await givenProcess(dirname(givenFile()))
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
})
