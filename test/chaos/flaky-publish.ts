// Loaded into an instance by --import: half of the publishes fail, and half of those after the event was written. Appends one
// character per failure to the file failed-publishes in the data folder.
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
  // /topics/ is the sink (K_SINK) to which all functions publish.
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
