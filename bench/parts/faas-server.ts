// A function that does nothing, on faas-js-runtime.
import { createRequire } from 'node:module'
import { freePorts } from '../../test/free-ports.ts'

const { start } = createRequire(import.meta.url)('faas-js-runtime') as {
  start: (handle: () => object, options: { port: number; logLevel: string }) => Promise<unknown>
}
const [port = 0] = await freePorts(1)
await start(() => ({ statusCode: 204 }), { port, logLevel: 'silent' })
process.send?.({ port, listening: port })
process.on('disconnect', () => process.exit())
