// The secret by which validation knows what the door of this instance has accepted: made once, and kept with the data, as events outlive
// a process.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export async function doorSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'door-secret')
  const made = randomBytes(32).toString('hex')
  await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  return readFile(file, 'utf8')
}
