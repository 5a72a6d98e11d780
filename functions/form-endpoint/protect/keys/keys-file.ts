// The file of API keys: `crm: [<hash>, <hash>]`, where a hash is the SHA-256 of a key in hexadecimal. JSON is YAML, too.
import { createHash, randomBytes } from 'node:crypto'
import { parse } from 'yaml'
import * as z from 'zod'

export type Hashes = ReadonlyMap<string, readonly Buffer[]>

const maxKeys = 2

const Hash = z.string().regex(/^[0-9a-f]{64}$/i, 'SHA-256 hashes of 64 hexadecimal digits')
const File = z.record(z.string(), z.array(Hash).max(maxKeys, 'at most two keys for a name'))

/** Throws if the text is not such a file. The message quotes nothing of it. */
export function parseKeys(text: string): Hashes {
  const { data, error } = File.safeParse(parsed(text) ?? {})
  if (error) {
    const [{ path, message } = { path: [], message: '' }] = error.issues
    throw new Error(
      `expected ${message}, at ${path[0] ? `the name ${String(path[0])}` : 'its top'}`,
    )
  }
  return new Map(
    Object.entries(data).map(([name, hashes]) => [
      name,
      hashes.map((hash) => Buffer.from(hash, 'hex')),
    ]),
  )
}

function parsed(text: string): unknown {
  try {
    return parse(text)
  } catch {
    throw new Error('expected YAML or JSON')
  }
}

export const newKey = (): string => `fsk_${randomBytes(32).toString('base64url')}`

/** A key has 256 random bits, so a fast hash is enough. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()
