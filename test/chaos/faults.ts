// Faults at random moments of the load, by which no submission may be lost or doubled.
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { readRows } from '../../scripts/load/sheet.ts'
import type { Running } from '../instance.ts'
import type { Fault, Scenario } from './scenario.ts'
import { between, random } from './seeded.ts'

export const scenario: Scenario = {
  users: 100,
  requests: 50,
  environment: { SHEETS_TIMEOUT_MS: '1000' },
  timeLimit: 30_000,
}

async function setFaults({ sheets }: Running, faults: Record<string, number>): Promise<void> {
  const answer = await request(`${sheets}/emulator/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`Expected the faults to be set, found ${text}`)
}

async function badCalls({ sheets }: Running): Promise<number> {
  const { body } = await request(`${sheets}/emulator/stats`)
  const { byStatus } = (await body.json()) as { byStatus: Record<string, number> }
  const outcomes = Object.entries(byStatus).filter(([status]) => !/^(2|400)/.test(status))
  return outcomes.reduce((sum, [, count]) => sum + count, 0)
}

/** Sets faults of the emulator until three calls have failed, or for at most 20 intervals of 2 to 4 s. */
const emulator =
  (faults: Record<string, number>): Fault =>
  async ({ instance }) => {
    await setFaults(instance, faults)
    let harm = 0
    for (let n = 0; n < 20 && harm < 3; n++) {
      await between(2000, 4000)
      harm = await badCalls(instance)
    }
    await setFaults(instance, {})
    return { instance, harm }
  }

/** Kills processes of the named tasks, chosen at random, `times` times. */
export const killFunctions =
  (tasks: string[], times: number): Fault =>
  async ({ instance }) => {
    let harm = 0
    while (harm < times) {
      await between(200, 800)
      const pids = await connectInstance(instance).functions()
      const pid = pids[tasks[Math.floor(random() * tasks.length)] as string]
      if (!pid || !lives(pid)) continue
      process.kill(pid, 'SIGKILL')
      while (lives(pid)) await delay(10)
      harm += 1
    }
    return { instance, harm }
  }

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** After the load, kills the process tree `times` times. A kill counts as harm if rows were still missing. */
export const killConsumers =
  (times: number): Fault =>
  async ({ instance, again, load }) => {
    const { acknowledged } = await load.end()
    let running = instance
    let harm = 0
    for (let n = 0; n < times; n++) {
      // The first kill is immediate, while the last submissions still wait for their rows.
      const rows =
        n === 0 ? await rowsOf(running) : await rowsAfterMore(running, acknowledged.length)
      await running.kill()
      if (rows < acknowledged.length) harm += 1
      running = await again()
    }
    return { instance: running, harm }
  }

/** Waits for one more row, for all rows, or for 30 s. Returns the number of rows. */
async function rowsAfterMore(running: Running, all: number): Promise<number> {
  const before = await rowsOf(running)
  const deadline = performance.now() + 30_000
  for (;;) {
    const rows = await rowsOf(running)
    if (rows > before || rows >= all || performance.now() > deadline) return rows
    await delay(10)
  }
}

const rowsOf = async ({ sheets }: Running): Promise<number> =>
  (await readRows(sheets as string, 'student-data', 'Responses')).length

export const killTree: Fault = async ({ instance, again }) => {
  await between(0, 300)
  await instance.kill()
  const harm = lives(instance.pid) ? 0 : 1
  return { instance: await again(), harm }
}

export const faults: Record<string, Fault> = {
  'kill -9 of the whole process tree': killTree,
  'kill -9 of the sheets function, three times': killFunctions(['sheets'], 3),
  'the sheet answers 429': emulator({ rate429: 0.5 }),
  'the sheet answers 503': emulator({ rate503: 0.5 }),
  'the sheet hangs': emulator({ rateHang: 0.3 }),
  'the sheet applies writes and loses its answers': emulator({ rateAppliedButLost: 0.5 }),
}
