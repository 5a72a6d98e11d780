// A function that does nothing with an event: what delivering costs by itself.
import { pino } from 'pino'
import { buildServer } from '#kit/server.ts'

const app = buildServer({
  deliver: async () => {},
  ready: () => true,
  log: pino({ level: 'error' }),
})
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
process.on('SIGTERM', () => app.close().then(() => process.exit()))
