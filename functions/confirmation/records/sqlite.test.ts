// The records in a file.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { RetryLater } from '#kit/errors.ts'
import { describeRecords } from './conformance.fixture.ts'
import { hour, maxPerHour, refusalTime } from './port.ts'
import { SqliteRecords } from './sqlite.ts'

let folder: string
let files = 0
const nextFile = () => join(folder, `${files++}.sqlite`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-records-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('in a file', () => {
  describeRecords(async () => new SqliteRecords(nextFile()))
})

test('they are kept over a restart, without an address, and forgotten in time', async () => {
  const file = nextFile()
  let now = 1_000_000
  const open = () => new SqliteRecords(file, () => now)
  const before = open()
  for (let n = 0; n < maxPerHour; n++) await before.admit('ann@example.com', `s-${n}`)
  await before.refuse({ form: 'one', address: 'ann@example.com' })
  await before.close()
  expect((await readFile(file)).includes('ann@')).toBe(false)

  const records = open()
  now += hour - 1
  expect(await records.admit('ann@example.com', 's-9')).toBe(false)
  now += 1
  expect(await records.admit('ann@example.com', 's-9')).toBe(true)
  now += refusalTime - hour - 1
  expect(await records.isRefused({ form: 'one', address: 'ann@example.com' })).toBe(true)
  now += 1
  expect(await records.isRefused({ form: 'one', address: 'ann@example.com' })).toBe(false)
  await records.close()
})

test('a file that cannot be used is no unknown result: the delivery is repeated', async () => {
  const records = new SqliteRecords(nextFile())
  await records.close()
  await expect(records.admit('a@b.org', 's-1')).rejects.toThrow(RetryLater)
})
