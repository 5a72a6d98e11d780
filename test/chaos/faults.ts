// The faults that nothing may be lost or doubled by, each at a random moment of the load.
import { request } from 'undici'
import type { Running } from '../instance.ts'
import { between, type Fault, start } from './scenario.ts'

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
  async (instance) => {
    await setFaults(instance, faults)
    let harm = 0
    for (let n = 0; n < 20 && harm < 3; n++) {
      await between(3000, 5000)
      harm = await badCalls(instance)
    }
    await setFaults(instance, {})
    return { instance, harm }
  }

export const faults: Record<string, Fault> = {
  'kill -9 of the whole process tree': async (instance, dataDir) => {
    await between(200, 1500)
    await instance.kill()
    return { instance: await start(dataDir), harm: 1 }
  },

  'kill -9 of the sheets function, three times': async (instance) => {
    let harm = 0
    while (harm < 3) {
      await between(200, 800)
      const { body } = await request(`${instance.control}/functions`)
      const { sheets } = (await body.json()) as { sheets?: number }
      if (!sheets) continue
      process.kill(sheets, 'SIGKILL')
      harm += 1
    }
    return { instance, harm }
  },

  'the sheet answers 429': emulator({ rate429: 0.5 }),
  'the sheet answers 503': emulator({ rate503: 0.5 }),
  'the sheet hangs': emulator({ rateHang: 0.3 }),
  'the sheet applies writes and loses its answers': emulator({ rateAppliedButLost: 0.5 }),
}
