import { isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import { readConfig } from '#kit/config.ts'
import { isWildcard } from '#kit/http/same-machine.ts'
import { expectFree } from '../../local/free-ports.ts'
import { EmulatorConfig } from '../../local/sheets/config.ts'
import { childEnvironment, type Variables } from './child-environment.ts'
import { keepRunning } from './keep-running.ts'

const main = 'local/sheets/main.ts'

interface Emulator {
  url: string
  stop: () => Promise<void>
}

/** `environment`: of `npm start`. */
export async function startEmulator(
  environment: Variables,
  dataDir: string,
  logger: Logger,
): Promise<Emulator> {
  const names = Object.keys(EmulatorConfig.shape)
  const env = childEnvironment({ ...environment, DATA_DIR: dataDir }, names)
  const { SHEETS_EMULATOR_HOST: host, SHEETS_EMULATOR_PORT: wanted } = readConfig(
    EmulatorConfig,
    env,
  )
  const who = 'the Sheets emulator'
  await expectFree([{ host, port: wanted, who }], 'choose another with SHEETS_EMULATOR_PORT')
  const { port, stop } = await keepRunning(main, env, logger)
  return { url: `http://${hostToConnect(host)}:${port}`, stop }
}

/** The host of a URL at which a server that listens on `host` can be reached from this machine. */
export function hostToConnect(host: string): string {
  if (isWildcard(host)) return host === '::' ? '[::1]' : '127.0.0.1'
  return isIPv6(host) ? `[${host}]` : host
}
