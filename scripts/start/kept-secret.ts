import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Secrets that are made once and kept with the data, as what they sign outlives the process: what is lost with one, by file name. */
const lost = {
  // Signs submissions, so that validation knows which ones the endpoint accepted.
  'door-secret': 'submissions that wait while their form changes may then become dead letters',
  // Signs what the endpoint hands to browsers.
  'form-secret': 'links to receipts stop working then',
}

/** The secret in this file of the data folder, which only its owner can read. */
export async function keptSecret(dataDir: string, name: keyof typeof lost): Promise<string> {
  const file = join(dataDir, name)
  // Written to another file and linked, so that a crash leaves no half-written secret.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  await link(draft, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  const secret = await readFile(file, 'utf8')
  if (/^[0-9a-f]{64}$/.test(secret)) return secret
  const remedy = `delete it, and a new one is made; ${lost[name]}`
  throw new Error(
    `Expected 64 hexadecimal digits in ${file}, found ${secret.length} characters: ${remedy}`,
  )
}
