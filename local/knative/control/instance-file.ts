// `instance.json` in the data folder: how other commands reach the `npm start` that runs on it. Only its owner can read it.
import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Instance {
  pid: number
  /** URL of the form endpoint. */
  endpoint: string
  /** URL of the local sink, which also serves the control API. */
  control: string
  /** Bearer token for the control API, the sink and the functions. New at each start. */
  token: string
  /** URL of the Sheets API, if it is not Google's. */
  sheets: string | undefined
  /** URL of the mailbox, if it runs. */
  mails: string | undefined
  /** Address of the mailbox's SMTP server, if it runs. */
  smtp: string | undefined
}

export const newToken = (): string => randomBytes(32).toString('base64url')

const fileIn = (dataDir: string): string => join(dataDir, 'instance.json')

/** Atomic. The file is created anew, because the mode of an existing file would not change. */
export async function writeInstanceFile(dataDir: string, instance: Instance): Promise<void> {
  const temporary = `${fileIn(dataDir)}.new`
  await rm(temporary, { force: true })
  await writeFile(temporary, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 })
  await rename(temporary, fileIn(dataDir))
}

export const removeInstanceFile = (dataDir: string): Promise<void> =>
  rm(fileIn(dataDir), { force: true })

/** Throws if no instance runs on the data folder, or it belongs to another user. */
export async function findInstance(dataDir: string): Promise<Instance> {
  try {
    const instance: Instance = JSON.parse(await readFile(fileIn(dataDir), 'utf8'))
    process.kill(instance.pid, 0)
    return instance
  } catch (cause) {
    if (['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) {
      throw new Error(`Formstream on ${dataDir} belongs to another user`, { cause })
    }
    throw new Error(`Formstream is not running on ${dataDir}: start it with npm start`, { cause })
  }
}
