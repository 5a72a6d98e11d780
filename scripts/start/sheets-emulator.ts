// The Sheets emulator beside `npm start`, and its address as the other processes of this machine reach it.
import { isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import { readConfig } from '#kit/config.ts'
import { isWildcard } from '#kit/http/same-machine.ts'
import { expectFree } from '../../local/free-ports.ts'
import { EmulatorConfig } from '../../local/sheets/config.ts'
import { childEnvironment, type Variables } from './child-environment.ts'
import { keepRunning } from './keep-running.ts'

const main = 'local/sheets/main.ts'

interface Running {
  url: string
  stop: () => Promise<void>
}

/** `set`: what `npm start` was started with. */
export async function startEmulator(
  set: Variables,
  dataDir: string,
  logger: Logger,
): Promise<Running> {
  const env = childEnvironment({ ...set, DATA_DIR: dataDir }, Object.keys(EmulatorConfig.shape))
  const { SHEETS_EMULATOR_HOST: host, SHEETS_EMULATOR_PORT: wanted } = readConfig(
    EmulatorConfig,
    env,
  )
  const who = 'the Sheets emulator'
  await expectFree([{ host, port: wanted, who }], 'SHEETS_EMULATOR_PORT says another')
  const { port, stop } = await keepRunning(main, env, logger)
  return { url: `http://${addressOf(host)}:${port}`, stop }
}

/** Nobody can connect to "all addresses": loopback is one of them. */
export function addressOf(listening: string): string {
  if (isWildcard(listening)) return listening === '::' ? '[::1]' : '127.0.0.1'
  return isIPv6(listening) ? `[${listening}]` : listening
}
