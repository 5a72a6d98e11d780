import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { expectFree } from './free-ports.ts'
import { Cluster } from './kafka/cluster.ts'
import { clusterIdOf } from './kafka/cluster-id.ts'

test('a port that is taken is named, before anything is started', async () => {
  // Not one that the system chooses: it may have given the ports beside it to others.
  const port = 23892
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'formstream-ports-'))
  try {
    const taken = new RegExp(
      `^Expected port ${port} of 127.0.0.1 to be free for .+, found it taken by another program`,
    )
    const listener = { host: '127.0.0.1', port, who: 'a broker' }
    await expect(expectFree([listener], 'KAFKA_PORT says which ports')).rejects.toThrow(taken)
    // Of any broker, for clients or for the controllers.
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

test('each folder has a cluster id of its own, and keeps it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'formstream-id-'))
  const ids = ['a', 'b'].map((name) => clusterIdOf(join(folder, name)))
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
  expect(clusterIdOf(join(folder, 'a'))).toBe(ids[0])
  // One that was formatted before there was such a file.
  const data = join(folder, 'old', 'broker-2', 'data')
  mkdirSync(data, { recursive: true })
  writeFileSync(
    join(data, 'meta.properties'),
    'version=1\ncluster.id=Zm9ybXN0cmVhbS1sb2NhbA\nnode.id=2\n',
  )
  expect(clusterIdOf(join(folder, 'old'))).toBe('Zm9ybXN0cmVhbS1sb2NhbA')
  rmSync(folder, { recursive: true })
})
