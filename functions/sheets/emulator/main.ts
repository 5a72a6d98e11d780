// Runs the Sheets emulator: `npm start` does so where there are no Google credentials.
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import * as z from 'zod'
import { buildEmulator } from './app.ts'

const Config = z.object({
  HOST: z.string().default('127.0.0.1'),
  SHEETS_EMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  DATA_DIR: z.string().default('./data'),
  SHEETS_EMULATOR_QUOTA: z.enum(['on', 'off']).default('off'),
})

const config = Config.parse(process.env)
mkdirSync(config.DATA_DIR, { recursive: true })
const app = buildEmulator({
  file: join(config.DATA_DIR, 'sheets-emulator.sqlite'),
  quota: config.SHEETS_EMULATOR_QUOTA === 'on',
})

const grace = closeWithGrace(async ({ err }) => {
  if (err) app.log.error(err)
  await app.close()
})
// The parent is gone: nobody else would end this process.
process.on('disconnect', grace.close)

await app.listen({ host: config.HOST, port: config.SHEETS_EMULATOR_PORT })
const { port } = app.server.address() as AddressInfo
console.log(`Sheets emulator on http://${config.HOST}:${port}`)
process.send?.({ listening: port })
