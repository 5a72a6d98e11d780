// The spool on a full disk, and with a file that is damaged.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { SpoolingLog } from '#kafka/log/spool/spooling-log.ts'
import { until } from '../until.ts'
import { type OutageLog, outageLog } from './outage-log.fixture.ts'
import { smallDisk } from './small-disk.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formstream-spool-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (target: OutageLog) => SpoolingLog.open({ folder, topic, target, maxBytes: 2 ** 30 })

test('while the disk of the spool is full submissions are refused with the reason; what it has is kept and forwarded', async () => {
  if (!smallDisk.mount(folder)) return
  const target = outageLog('away')
  const log = await open(target)
  try {
    await log.append(topic, makeSubmission('first'))
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(smallDisk.bytes - 2 ** 20))
    const large = 'x'.repeat(100_000)
    const accepted = ['first']
    const refused: unknown[] = []
    for (let n = 0; refused.length === 0; n++) {
      const id = `${n}-${large}`
      await log.append(topic, makeSubmission(id)).then(
        () => accepted.push(id),
        (error) => refused.push(error),
      )
    }
    expect(refused[0]).toBeInstanceOf(LogUnavailable)
    expect(refused[0]).toMatchObject({
      message: expect.stringMatching(/^The log: .+; the spool: The log could not commit: The disk/),
    })
    expect(log.ready()).toBe(false)
    rmSync(join(folder, 'ballast'))
    await until(() => log.ready())
    target.state = 'works'
    await until(() => log.status().since === undefined)
    expect(target.stored).toEqual(accepted)
  } finally {
    await log.close()
    execFileSync('umount', [folder])
  }
})

test('a damaged spool fails the start, and says what to do', async () => {
  writeFileSync(join(folder, 'spool.sqlite'), 'no database '.repeat(1000))
  await expect(open(outageLog())).rejects.toThrow(
    /spool\.sqlite to be intact, found it damaged: restore a backup of it/,
  )
})
