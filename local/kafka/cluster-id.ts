// The id of a local cluster. Brokers refuse peers with another id, for example those of another cluster on the same port.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Each folder has its own id, created at its first start, or taken from its brokers if they are older than the id file. */
export function clusterIdOf(folder: string): string {
  const file = join(folder, 'cluster-id')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const id = idOfBrokers(folder) ?? newId()
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${id}\n`)
  return id
}

function idOfBrokers(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('broker-'))
    .map((name) => join(folder, name, 'data', 'meta.properties'))
  const ids = files
    .filter(existsSync)
    .map((path) => /^cluster\.id=(.+)$/m.exec(readFileSync(path, 'utf8'))?.[1])
  return ids.find((id) => id !== undefined)
}

/** 16 bytes. The id is a command line argument, so it must not start with a dash. */
function newId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newId() : id
}
