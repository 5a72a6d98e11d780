import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The secret with which the endpoint signs submissions, so that validation knows which ones the endpoint accepted. It is made once
 * and kept with the data, as signed events outlive the process.
 */
export async function doorSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'door-secret')
  // Written to another file and linked, so that a crash leaves no half-written secret.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  await link(draft, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  const secret = await readFile(file, 'utf8')
  if (/^[0-9a-f]{64}$/.test(secret)) return secret
  const remedy =
    'delete it, and a new one is made; submissions that wait while their form changes may then become dead letters'
  throw new Error(
    `Expected 64 hexadecimal digits in ${file}, found ${secret.length} characters: ${remedy}`,
  )
}
