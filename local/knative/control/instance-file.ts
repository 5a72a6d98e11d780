// Where a running `npm start` can be reached by the other commands: a small file in its data folder, which its owner alone can read.
import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Instance {
  pid: number
  endpoint: string
  /** The local sink: topics to publish to and to watch, replay. */
  control: string
  /** What control, sink and functions ask for, as `Authorization: Bearer …`. Another one at each start. */
  token: string
  sheets: string | undefined
}

export const newToken = (): string => randomBytes(32).toString('base64url')

const file = (dataDir: string): string => join(dataDir, 'instance.json')

/** Whole or not there; one that was left behind may have been open to others. */
export async function announce(dataDir: string, instance: Instance): Promise<void> {
  const whole = `${file(dataDir)}.new`
  await rm(whole, { force: true })
  await writeFile(whole, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 })
  await rename(whole, file(dataDir))
}

export const withdraw = (dataDir: string): Promise<void> => rm(file(dataDir), { force: true })

/** Throws a clear error where nothing runs on that data folder. */
export async function findInstance(dataDir: string): Promise<Instance> {
  try {
    const instance: Instance = JSON.parse(await readFile(file(dataDir), 'utf8'))
    process.kill(instance.pid, 0)
    return instance
  } catch (cause) {
    if (['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) {
      throw new Error(`Expected to be the user that runs Formstream on ${dataDir}`, { cause })
    }
    throw new Error(`Expected Formstream to run on ${dataDir}: start it with npm start`, { cause })
  }
}
