// The id of a local cluster: brokers of another one, on a port that they take for their own, are refused by it.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One for each folder, made at its first start; the one that the brokers in it have, where they are older than the file. */
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

/** 16 bytes; an id that begins with a dash would be read as an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newId() : id
}
