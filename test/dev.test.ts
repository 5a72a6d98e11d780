// `npm run dev`: in Node's watch mode processes report their imports over IPC, where ours report their addresses too.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { startInstance } from './instance.ts'

test('in watch mode the addresses of all processes are known', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-dev-'))
  const running = await startInstance(folder, { WATCH_REPORT_DEPENDENCIES: '1' })
  try {
    const emulator = await fetch(String(running.sheets))
    const client = connectInstance(running)
    expect([emulator.status, await client.tick('sheets')]).toEqual([200, true])
    expect(await client.functions()).toMatchObject({ sheets: expect.any(Number) })
  } finally {
    await running.stop()
    await rm(folder, { recursive: true })
  }
})
