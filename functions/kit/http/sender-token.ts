// The token that a sink asks for: that of `npm start`, or in a cluster the one that Knative mounts where it has senders authenticated (its
// feature `authentication-oidc`).
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Message } from '#kafka/binary-mode.ts'
import { bearer } from './same-machine.ts'

/** Where a SinkBinding mounts it: before the process starts, or never. */
const mounted = '/oidc/token'

export type AddToken = (message: Message) => Promise<Message>

/** `own`: the token of this instance of `npm start`. */
export function senderToken(own?: string, file = mounted): AddToken {
  if (own) return async (message) => withToken(message, own)
  if (!existsSync(file)) return async (message) => message
  // Read for each event: Knative writes another token into it well before this one ends.
  return async (message) => withToken(message, (await readFile(file, 'utf8')).trim())
}

const withToken = ({ headers, body }: Message, token: string): Message => ({
  headers: { ...headers, authorization: bearer(token) },
  body,
})
