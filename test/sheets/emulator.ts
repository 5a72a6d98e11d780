// The Sheets emulator in a separate process, with access to its faults and call statistics.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { request } from 'undici'

/** As in local/sheets/faults.ts. */
export type EmulatorFaults = Record<string, number | boolean>

export interface Emulator {
  url: string
  /** Replaces all faults. */
  setFaults: (faults: EmulatorFaults) => Promise<void>
  stats: () => Promise<{ reads: number; writes: number; byStatus: Record<string, number> }>
  stop: () => void
}

const main = join(import.meta.dirname, '../../local/sheets/main.ts')

/** `folder`: where it stores its sheets. */
export async function startEmulator(
  folder: string,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<Emulator> {
  const own = { SHEETS_EMULATOR_HOST: host, DATA_DIR: folder, SHEETS_EMULATOR_PORT: String(port) }
  const env = { ...process.env, ...own }
  const child = fork(main, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ listening }] = await once(child, 'message')
  const url = `http://${host}:${listening}`
  return {
    url,
    async setFaults(faults) {
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'PUT' as const, headers, body: JSON.stringify(faults) }
      await (await request(`${url}/emulator/faults`, init)).body.dump()
    },
    async stats() {
      const { body } = await request(`${url}/emulator/stats`)
      return (await body.json()) as Awaited<ReturnType<Emulator['stats']>>
    },
    stop: () => void child.kill(),
  }
}
