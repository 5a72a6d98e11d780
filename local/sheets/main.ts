// Runs the Sheets emulator. `npm start` does so if there are no Google credentials.
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { readConfig } from '#kit/config.ts'
import { isLocalHost } from '#kit/http/same-machine.ts'
import { buildEmulator } from './app.ts'
import { EmulatorConfig } from './config.ts'

const config = readConfig(EmulatorConfig, process.env)
const { SHEETS_EMULATOR_HOST: host } = config
// The file contains people's answers, so only its owner may read it.
process.umask(0o077)
mkdirSync(config.DATA_DIR, { recursive: true })
const app = buildEmulator({
  file: join(config.DATA_DIR, 'sheets-emulator.sqlite'),
  quota: config.SHEETS_EMULATOR_QUOTA === 'on',
  host,
})
if (!isLocalHost(host)) {
  app.log.warn(
    `SHEETS_EMULATOR_HOST is ${host}: everybody who can reach it can read and change all sheets`,
  )
}

// Ctrl-C in a terminal reaches the parent too, which stops this process after the last function that writes to it.
const child = process.send !== undefined
if (child) process.on('SIGINT', () => {})
const grace = closeWithGrace({ skip: child ? ['SIGINT'] : [] }, async ({ err }) => {
  if (err) app.log.error(err)
  await app.close()
})
// Without its parent, nothing else would stop this process.
process.on('disconnect', grace.close)

await app.listen({ host, port: config.SHEETS_EMULATOR_PORT })
const { port } = app.server.address() as AddressInfo
console.log(`Sheets emulator on http://${host}:${port}`)
process.send?.({ listening: port })
