// `npm run dev`: Node's watch mode asks every process for what it imports, by the way that ours say where they listen.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { startInstance } from './instance.ts'

test('under watch the addresses of its processes are known', async () => {
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
