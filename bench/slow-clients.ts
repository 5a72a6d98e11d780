// The form endpoint while 200 clients send a byte a second: what people notice of them who submit at the same time.
import { setTimeout as delay } from 'node:timers/promises'
import { startServerProcess } from './parts/child-process.ts'
import { memoryOf } from './parts/cpu.ts'
import { endpoint } from './parts/endpoint-round.ts'
import { runLoad } from './parts/load.ts'
import { type Result, type Round, ratio, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'
import { startSlowClients } from './parts/slow-clients.ts'

const slowClients = 200
const connections = 50
const [warmUp, seconds] = [2, 8]

export default async function measureSlowClients(): Promise<Result> {
  const alone = 'alone'
  const beside = `beside ${slowClients} slow clients`
  const rounds = await alternate({
    [alone]: () => measure(0),
    [beside]: () => measure(slowClients),
  })
  return summarise('submission', rounds, [
    {
      what: 'p99 of the 202 beside 200 slow clients, of that alone',
      of: beside,
      number: ratio('p99', alone),
      atMost: 1.5,
      before: '',
    },
  ])
}

async function measure(slow: number): Promise<Round> {
  const server = await startServerProcess(endpoint('sqlite'))
  const load = { url: `http://127.0.0.1:${server.port}/forms/student-data`, connections }
  await runLoad({ ...load, seconds: warmUp })
  const clients = startSlowClients(server.port, slow)
  while (clients.open() < slow) await delay(50)
  const { perSecond, p50, p99, failed } = await runLoad({ ...load, seconds })
  const { endpoint: peakMemory = 0 } = await memoryOf({ endpoint: server.pid }, 'peak')
  const open = clients.open()
  clients.stop()
  await server.stop()
  return { figures: { perSecond, p50, p99, failed, slowClients: open, peakMemory } }
}
