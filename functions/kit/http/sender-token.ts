// The token with which a process authenticates at a sink: that of `npm start`, or in a cluster the one that Knative mounts if its
// feature `authentication-oidc` is on.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Message } from '#kafka/binary-mode.ts'
import { bearer } from './same-machine.ts'

/** A SinkBinding mounts it here before the process starts, or not at all. */
const mountedFile = '/oidc/token'

export type AddToken = (message: Message) => Promise<Message>

/** `own`: the token of this `npm start`. */
export function senderToken(own?: string, file = mountedFile): AddToken {
  if (own) return async (message) => withToken(message, own)
  if (!existsSync(file)) return async (message) => message
  // Read again for each event, as Knative replaces the token before it expires.
  return async (message) => withToken(message, (await readFile(file, 'utf8')).trim())
}

const withToken = ({ headers, body }: Message, token: string): Message => ({
  headers: { ...headers, authorization: bearer(token) },
  body,
})
