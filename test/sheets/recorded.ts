// A sink that stands for forms.recorded, and stores the ids of published events by submission.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export async function startRecorded() {
  const recorded = new Map<string, Set<string>>()
  let [last, stall] = [performance.now(), 0]
  const server = createServer((incoming, answer) => {
    const subject = String(incoming.headers['ce-subject'])
    const ids = recorded.get(subject) ?? new Set()
    recorded.set(subject, ids.add(String(incoming.headers['ce-id'])))
    stall = Math.max(stall, performance.now() - last)
    last = performance.now()
    incoming.resume().on('end', () => answer.writeHead(202).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    recorded,
    stall: () => stall,
    close: () => server.close().closeAllConnections(),
    async wait(wanted: number, timeLimit: number): Promise<void> {
      while (recorded.size < wanted && performance.now() - last < timeLimit) await delay(250)
    },
  }
}
