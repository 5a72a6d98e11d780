// The embedded log on a full disk, and with files that cannot be opened: error messages and recovery.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { SqliteBuffer } from '../../functions/sheets/buffer/sqlite/buffer.ts'
import { smallDisk } from './small-disk.ts'
import { openSqlite } from './sqlite.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formstream-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('while the disk is full the log is not ready; it recovers by itself once there is room', async () => {
  if (!smallDisk.mount(folder)) return
  try {
    const log = await openSqlite(folder)
    await log.append(topic, makeSubmission('first'))
    expect(log.ready()).toBe(true)
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(smallDisk.bytes - 2 ** 20))
    const refused: unknown[] = []
    const large = 'x'.repeat(100_000)
    for (let n = 0; refused.length === 0; n++) {
      await log.append(topic, makeSubmission(`${n} ${large}`)).catch((error) => refused.push(error))
    }
    expect(refused[0]).toBeInstanceOf(LogUnavailable)
    expect(refused[0]).toMatchObject({
      message: expect.stringMatching(
        /^The log could not commit: The disk of .+log\.sqlite (is full: free some space|fails or is full) \(/,
      ),
    })
    expect(log.ready()).toBe(false)
    rmSync(join(folder, 'ballast'))
    while (!log.ready()) await delay(50)
    await log.append(topic, makeSubmission(`last ${large}`))
    await log.close()
  } finally {
    execFileSync('umount', [folder])
  }
})

const damaged = (file: string) =>
  new RegExp(
    `^Expected ${join(folder, file)} to be intact, found it damaged: restore a backup of it`,
  )

test('the error about a damaged log or buffer names the file and says what to do', async () => {
  writeFileSync(join(folder, 'log.sqlite'), 'no database '.repeat(1000))
  await expect(openSqlite(folder)).rejects.toThrow(damaged('log.sqlite'))
  const buffer = join(folder, 'buffer.sqlite')
  writeFileSync(buffer, 'no database '.repeat(1000))
  expect(() => new SqliteBuffer(buffer)).toThrow(damaged('buffer.sqlite'))
})

test('the error about a log in a missing folder names the file', async () => {
  const missing = join(folder, 'missing')
  await expect(openSqlite(missing)).rejects.toThrow(
    `Expected to open ${join(missing, 'log.sqlite')}, but could not: its folder must exist`,
  )
})
