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

/** SIGKILL for the process of one task, so many times. */
export const killFunction =
  (task: string, times: number): Fault =>
  async ({ instance }) => {
    let harm = 0
    while (harm < times) {
      await between(200, 800)
      const { body } = await request(`${instance.control}/functions`)
      const pid = ((await body.json()) as Record<string, number>)[task]
      if (!pid) continue
      process.kill(pid, 'SIGKILL')
      harm += 1
    }
    return { instance, harm }
  }

export const killTree: Fault = async ({ instance, again }) => {
  await between(200, 1500)
  await instance.kill()
  return { instance: await again(), harm: 1 }
}

export const faults: Record<string, Fault> = {
  'kill -9 of the whole process tree': killTree,
  'kill -9 of the sheets function, three times': killFunction('sheets', 3),
  'the sheet answers 429': emulator({ rate429: 0.5 }),
  'the sheet answers 503': emulator({ rate503: 0.5 }),
  'the sheet hangs': emulator({ rateHang: 0.3 }),
  'the sheet applies writes and loses its answers': emulator({ rateAppliedButLost: 0.5 }),
}
