// A function that does nothing but wait: its argument is the number of milliseconds for each event, default 0.
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { buildServer } from '#kit/serve.ts'

const ms = Number(process.argv[2] ?? 0)
const app = buildServer({
  deliver: async () => (ms > 0 ? delay(ms) : undefined),
  ready: () => true,
  log: pino({ level: 'error' }),
})
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
process.on('SIGTERM', () => app.close().then(() => process.exit()))
