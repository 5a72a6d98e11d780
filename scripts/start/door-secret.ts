// The secret by which validation knows what the door of this instance has accepted: made once, and kept with the data, as events outlive
// a process.
import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export async function doorSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'door-secret')
  // Whole or not there: one that was written by half would stay.
  const whole = `${file}.${process.pid}`
  await writeFile(whole, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  await link(whole, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(whole)
  const secret = await readFile(file, 'utf8')
  if (/^[0-9a-f]{64}$/.test(secret)) return secret
  const remedy =
    'delete it, and another is made; what waits while its form changes may then be dead letters'
  throw new Error(
    `Expected 64 hexadecimal digits in ${file}, found ${secret.length} characters: ${remedy}`,
  )
}
