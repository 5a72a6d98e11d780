// The mailbox as a process: its start, its end, and the end of its parent.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { clientsOf, temporaryFile } from './mailbox.fixture.ts'

interface Started {
  listening: number
  again: Record<string, string>
}

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function startProcess(folder: string, environment: Record<string, string> = {}) {
  const child = fork(new URL('./main.ts', import.meta.url), {
    env: { ...process.env, DATA_DIR: folder, MAILBOX_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  children.push(child)
  const [{ listening, again }] = (await once(child, 'message')) as [Started]
  const url = `http://127.0.0.1:${listening}`
  return { child, again, ...clientsOf(url, Number(again.MAILBOX_SMTP_PORT)) }
}

test('acknowledged mails survive kill -9 in the middle of sending', async () => {
  const folder = dirname(temporaryFile())
  const { child, again, send } = await startProcess(folder)
  const acknowledged: string[] = []
  const exit = once(child, 'exit')
  const sending = (async () => {
    for (let n = 0; ; n += 1) {
      await send({ subject: `mail ${n}` })
      acknowledged.push(`mail ${n}`)
      if (n === 20) child.kill('SIGKILL')
    }
  })()
  await expect(sending).rejects.toThrow()
  await exit

  const { send: sendAgain, messages } = await startProcess(folder, again)
  await sendAgain({ subject: 'after it' })
  const kept = (await messages()).map(({ subject }) => subject)
  expect(kept).toEqual(expect.arrayContaining([...acknowledged, 'after it']))
})

test('it ends when its parent has ended, even if a client keeps its connection', async () => {
  const { child, send, setFaults, report } = await startProcess(dirname(temporaryFile()))
  await setFaults({ hang: 1, hangSeconds: 3600 })
  const hanging = expect(send()).rejects.toThrow()
  while (!(await report()).occurred.hang);
  const exit = once(child, 'exit')
  child.disconnect()
  expect(await exit).toEqual([0, null])
  await hanging
})

test('SIGINT does not end a child, as Ctrl-C reaches its parent too', async () => {
  const { child, send } = await startProcess(dirname(temporaryFile()))
  child.kill('SIGINT')
  await send()
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})
