// Where a running `npm start` can be reached by the other commands: a small file in its data folder.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Instance {
  pid: number
  endpoint: string
  /** The local sink: topics to publish to and to watch, replay. */
  control: string
  sheets: string | undefined
}

const file = (dataDir: string): string => join(dataDir, 'instance.json')

export const announce = (dataDir: string, instance: Instance): Promise<void> =>
  writeFile(file(dataDir), `${JSON.stringify(instance, null, 2)}\n`)

export const withdraw = (dataDir: string): Promise<void> => rm(file(dataDir), { force: true })

/** Throws a clear error where nothing runs on that data folder. */
export async function findInstance(dataDir: string): Promise<Instance> {
  try {
    const instance: Instance = JSON.parse(await readFile(file(dataDir), 'utf8'))
    process.kill(instance.pid, 0)
    return instance
  } catch (cause) {
    throw new Error(`Expected Formstream to run on ${dataDir}: start it with npm start`, { cause })
  }
}
