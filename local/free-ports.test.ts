import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { expectFree } from './free-ports.ts'
import { Cluster } from './kafka/cluster.ts'

test('a taken port is reported before anything is started', async () => {
  // A fixed port: next to one chosen by the system, ports may be in use.
  const port = 23892
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'formstream-ports-'))
  try {
    const taken = new RegExp(
      `^Expected port ${port} of 127.0.0.1 to be free for .+, found it taken by another program`,
    )
    const listener = { host: '127.0.0.1', port, who: 'a broker' }
    await expect(expectFree([listener], 'set KAFKA_PORT to use other ports')).rejects.toThrow(taken)
    // The taken port is that of the first or third broker, or of a controller.
    for (const first of [port, port - 2, port - 1000]) {
      const cluster = new Cluster({ of: 3, folder: join(folder, 'none'), port: first, jars: '' })
      await expect(cluster.start()).rejects.toThrow(taken)
    }
    expect(() => readFileSync(join(folder, 'none'))).toThrow('ENOENT')
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
  await once(server, 'close')
  await expectFree([{ host: '127.0.0.1', port, who: 'a broker' }], '')
})
