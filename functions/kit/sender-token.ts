// The token that a KafkaSink asks for where Knative has senders authenticated (its feature `authentication-oidc`).
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Message } from '#kafka/wire.ts'

/** Where a SinkBinding mounts it: before the process starts, or never. */
const mounted = '/oidc/token'

export type AddToken = (message: Message) => Promise<Message>

/** The file is read for each event: Knative writes another token into it well before this one ends. */
export function senderToken(file = mounted): AddToken {
  if (!existsSync(file)) return async (message) => message
  return async ({ headers, body }) => {
    const authorization = `Bearer ${(await readFile(file, 'utf8')).trim()}`
    return { headers: { ...headers, authorization }, body }
  }
}
