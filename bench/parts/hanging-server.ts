// A function that accepts every event and never answers.
import { pino } from 'pino'
import { buildServer } from '#kit/serve.ts'

const deliver = () => new Promise<void>(() => {})
const app = buildServer({ deliver, ready: () => true, log: pino({ level: 'error' }) })
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
process.on('SIGTERM', () => process.exit())
