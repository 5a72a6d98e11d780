// Loaded into a running instance: every other publish fails, half of those after the event was written.
// Each failure is one character in a file of its data folder.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { randomFrom } from './random.ts'

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

const random = randomFrom(Number(process.env.SEED))
const failed = () => appendFileSync(join(process.env.DATA_DIR as string, 'failed-publishes'), '.')

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as Exchange
  // What this process serves under /topics/ is K_SINK; the functions publish nowhere else.
  if (request.method !== 'POST' || !request.url?.startsWith('/topics/')) return
  const chance = random()
  if (chance < 0.25) {
    request.destroy()
    failed()
  } else if (chance < 0.5) {
    response.end = () => {
      failed()
      return response.destroy() as typeof response
    }
  }
})
