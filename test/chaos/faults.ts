// The faults that nothing may be lost or doubled by, each at a random moment of the load.
import { request } from 'undici'
import type { Running } from '../instance.ts'
import { between, type Fault, type Scenario } from './scenario.ts'

export const scenario: Scenario = {
  users: 100,
  requests: 50,
  environment: { SHEETS_TIMEOUT_MS: '1000' },
  patience: 30_000,
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

/** The emulator misbehaves for some seconds, until it has struck, then recovers. */
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

/** SIGKILL for the process of a task, any of those that are named, so many times. */
export const killFunctions =
  (tasks: string[], times: number): Fault =>
  async ({ instance }) => {
    let harm = 0
    while (harm < times) {
      await between(200, 800)
      const { body } = await request(`${instance.control}/functions`)
      const pids = (await body.json()) as Record<string, number>
      const pid = pids[tasks[Math.floor(Math.random() * tasks.length)] as string]
      if (!pid) continue
      process.kill(pid, 'SIGKILL')
      harm += 1
    }
    return { instance, harm }
  }

/** All that was sent is accepted; then the tree of processes is killed again and again while it works it off. */
export const killConsumers =
  (times: number): Fault =>
  async ({ instance, again, loaded }) => {
    await loaded
    let running = instance
    for (let harm = 0; harm < times; harm++) {
      await between(500, 2500)
      await running.kill()
      running = await again()
    }
    return { instance: running, harm: times }
  }

export const killTree: Fault = async ({ instance, again }) => {
  await between(200, 1500)
  await instance.kill()
  return { instance: await again(), harm: 1 }
}

export const faults: Record<string, Fault> = {
  'kill -9 of the whole process tree': killTree,
  'kill -9 of the sheets function, three times': killFunctions(['sheets'], 3),
  'the sheet answers 429': emulator({ rate429: 0.5 }),
  'the sheet answers 503': emulator({ rate503: 0.5 }),
  'the sheet hangs': emulator({ rateHang: 0.3 }),
  'the sheet applies writes and loses its answers': emulator({ rateAppliedButLost: 0.5 }),
}
