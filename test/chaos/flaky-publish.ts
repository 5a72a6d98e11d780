// Loaded into a running instance: every other publish fails, half of those after the event was written.
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as Exchange
  // What this process serves under /topics/ is K_SINK; the functions publish nowhere else.
  if (request.method !== 'POST' || !request.url?.startsWith('/topics/')) return
  const chance = Math.random()
  if (chance < 0.25) request.destroy()
  else if (chance < 0.5) response.end = () => response.destroy() as typeof response
})
