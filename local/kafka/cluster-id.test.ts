import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { clusterIdOf } from './cluster-id.ts'

test('each folder has its own cluster id, and keeps it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'formstream-id-'))
  const ids = ['a', 'b'].map((name) => clusterIdOf(join(folder, name)))
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
  expect(clusterIdOf(join(folder, 'a'))).toBe(ids[0])
  // A broker that was formatted before the id file existed.
  const data = join(folder, 'old', 'broker-2', 'data')
  mkdirSync(data, { recursive: true })
  writeFileSync(
    join(data, 'meta.properties'),
    'version=1\ncluster.id=Zm9ybXN0cmVhbS1sb2NhbA\nnode.id=2\n',
  )
  expect(clusterIdOf(join(folder, 'old'))).toBe('Zm9ybXN0cmVhbS1sb2NhbA')
  rmSync(folder, { recursive: true })
})
