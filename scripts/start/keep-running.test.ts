import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { inFolder, makeLog } from '#kit/events.fixture.ts'
import { keepRunning } from './keep-running.ts'

/** Writes its process id to the file `pid` beside it, and its setting AGAIN before that; then listens on a made-up port. */
const program = `
  import { writeFileSync } from 'node:fs'
  writeFileSync(new URL('again', import.meta.url), process.env.AGAIN ?? 'first start')
  writeFileSync(new URL('pid', import.meta.url), String(process.pid))
  process.on('disconnect', () => process.exit())
  process.send({ listening: 4711, again: { AGAIN: 'same ports' } })
`

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a program that dies is restarted until it is stopped', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'program.mjs'), program)
    const { log, lines } = makeLog()
    const kept = await keepRunning(join(folder, 'program.mjs'), process.env, log)
    expect(kept).toMatchObject({ port: 4711, again: { AGAIN: 'same ports' } })
    const setting = () => readFile(join(folder, 'again'), 'utf8')
    expect(await setting()).toBe('first start')
    const pid = async () => Number(await readFile(join(folder, 'pid'), 'utf8'))
    const first = await pid()
    process.kill(first, 'SIGKILL')
    let second = first
    // 0: the file is being written.
    while ([0, first].includes(second)) {
      await delay(10)
      second = await pid()
    }
    expect(await setting()).toBe('same ports')
    await kept.stop()
    expect([first, second].filter(isAlive)).toEqual([])
    expect(lines()).toMatchObject([
      { msg: expect.stringMatching(/program.mjs exited; restarting/) },
    ])
  }))

test('a program that exits at its first start is not restarted', () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'program.mjs'), 'process.exit(3)')
    const { log } = makeLog()
    const started = keepRunning(join(folder, 'program.mjs'), process.env, log)
    await expect(started).rejects.toThrow('exited before it listened: 3')
  }))
